package org.caravan.hub.management;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;

/**
 * An MBean made of Camel's annotations, with two things that Camel's own has not: arguments of operations have names and
 * descriptions, and what goes wrong is an exception of the JDK's with one line, which a console shows without our classes.
 */
final class DescribedBean implements DynamicMBean {
    private final Object bean;
    private final Map<String, Method> attributes = new TreeMap<>();
    private final Map<String, Method> operations = new TreeMap<>();
    private final MBeanInfo info;

    DescribedBean(Object bean) {
        this.bean = bean;
        for (Method method : bean.getClass().getMethods()) {
            if (method.isAnnotationPresent(ManagedAttribute.class)) {
                attributes.put(method.getName().replaceFirst("^(get|is)", ""), method);
            } else if (method.isAnnotationPresent(ManagedOperation.class)
                    && operations.put(method.getName(), method) != null) {
                throw new IllegalStateException(method + ": an operation's name must be the only one of its bean");
            }
        }
        this.info = new MBeanInfo(
                bean.getClass().getName(),
                bean.getClass().getAnnotation(ManagedResource.class).description(),
                attributes.entrySet().stream()
                        .map(entry -> attribute(entry.getKey(), entry.getValue()))
                        .toArray(MBeanAttributeInfo[]::new),
                null,
                operations.values().stream().map(DescribedBean::operation).toArray(MBeanOperationInfo[]::new),
                null);
    }

    private static MBeanAttributeInfo attribute(String name, Method method) {
        return new MBeanAttributeInfo(
                name,
                method.getReturnType().getName(),
                method.getAnnotation(ManagedAttribute.class).description(),
                true,
                false,
                method.getName().startsWith("is"));
    }

    private static MBeanOperationInfo operation(Method method) {
        List<MBeanParameterInfo> parameters = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            Argument said = parameter.getAnnotation(Argument.class);
            parameters.add(
                    new MBeanParameterInfo(said.name(), parameter.getType().getName(), said.description()));
        }
        return new MBeanOperationInfo(
                method.getName(),
                method.getAnnotation(ManagedOperation.class).description(),
                parameters.toArray(MBeanParameterInfo[]::new),
                method.getReturnType().getName(),
                method.isAnnotationPresent(Reads.class) ? MBeanOperationInfo.INFO : MBeanOperationInfo.ACTION);
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return info;
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException, MBeanException {
        Method method = attributes.get(name);
        if (method == null) {
            throw new AttributeNotFoundException(
                    "no attribute '" + name + "'; there are " + String.join(", ", attributes.keySet()));
        }
        return call(method);
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList list = new AttributeList();
        for (String name : names) {
            try {
                list.add(new Attribute(name, getAttribute(name)));
            } catch (AttributeNotFoundException | MBeanException e) {
                // as the interface wants it: what can't be read is left out
            }
        }
        return list;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException("attribute '" + attribute.getName() + "' can't be written");
    }

    @Override
    public AttributeList setAttributes(AttributeList wanted) {
        return new AttributeList();
    }

    @Override
    public Object invoke(String name, Object[] arguments, String[] types) throws MBeanException {
        Method method = operations.get(name);
        Object[] given = arguments == null ? new Object[0] : arguments;
        if (method == null) {
            throw refused("no operation '" + name + "'; there are " + String.join(", ", operations.keySet()));
        }
        if (method.getParameterCount() != given.length || !fit(method, types)) {
            throw refused(name + " takes "
                    + String.join(
                            ", ",
                            Arrays.stream(method.getParameters())
                                    .map(parameter -> parameter
                                                    .getAnnotation(Argument.class)
                                                    .name() + " ("
                                            + parameter.getType().getSimpleName() + ")")
                                    .toList()));
        }
        return call(method, given);
    }

    private static boolean fit(Method method, String[] types) {
        return types == null
                || Arrays.equals(
                        types,
                        Arrays.stream(method.getParameterTypes())
                                .map(Class::getName)
                                .toArray());
    }

    private Object call(Method method, Object... arguments) throws MBeanException {
        try {
            return method.invoke(bean, arguments);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw refused(reason.strip().replaceAll("\\s*\\R\\s*", "; "));
        } catch (IllegalAccessException | IllegalArgumentException e) {
            throw refused(method.getName() + ": an argument is not of its type, or is missing");
        }
    }

    private static MBeanException refused(String line) {
        return new MBeanException(new IllegalArgumentException(line), line);
    }
}
