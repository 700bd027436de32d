package org.caravan.invoice.adapter;

import java.lang.reflect.InvocationTargetException;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.caravan.common.UserError;
import org.caravan.invoice.ConnectorInfo.Repeat;

/** Finds the adapter that the configuration names: a bean, a factory that {@link ServiceLoader} knows, or a class. */
public final class AdapterFinder {
    private AdapterFinder() {}

    /**
     * What makes its adapters.
     *
     * @param beans answers a bean by its name, or null
     * @throws UserError if there is none, or it is none
     */
    static InvoiceAdapterFactory find(String object, Function<String, Object> beans) {
        Object bean = beans.apply(object);
        if (bean instanceof InvoiceAdapterFactory factory) {
            return factory;
        }
        if (bean != null) {
            throw new UserError(
                    "caravan.invoice.object: the bean '" + object + "' is no " + InvoiceAdapterFactory.class.getName());
        }
        for (InvoiceAdapterFactory factory : ServiceLoader.load(InvoiceAdapterFactory.class)) {
            if (factory.name().equals(object)) {
                return factory;
            }
        }
        Class<?> type = type(object);
        if (InvoiceAdapterFactory.class.isAssignableFrom(type)) {
            return (InvoiceAdapterFactory) made(object, type, null);
        }
        if (!InvoiceAdapter.class.isAssignableFrom(type)) {
            throw new UserError("caravan.invoice.object: " + object + " must implement "
                    + InvoiceAdapter.class.getName() + " or " + InvoiceAdapterFactory.class.getName());
        }
        return new InvoiceAdapterFactory() {
            @Override
            public String name() {
                return object;
            }

            @Override
            public InvoiceAdapter create(InvoiceContext context) {
                return (InvoiceAdapter) made(object, type, context);
            }
        };
    }

    /** How a class ends doubt, without making anything: by asking where it can be asked. Never, if it is no class. */
    public static Repeat repeat(String object) {
        try {
            return InvoiceLookup.class.isAssignableFrom(type(object)) ? Repeat.LOOKUP : Repeat.NEVER;
        } catch (UserError e) {
            return Repeat.NEVER;
        }
    }

    private static Class<?> type(String object) {
        try {
            return Class.forName(object, false, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new UserError("caravan.invoice.object: no bean, factory or class '" + object
                    + "'; put its jar into lib/ and write the class with its package, such as com.acme.MyInvoice");
        }
    }

    private static Object made(String object, Class<?> type, InvoiceContext context) {
        try {
            return context == null
                    ? type.getConstructor().newInstance()
                    : type.getConstructor(InvoiceContext.class).newInstance(context);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw new IllegalStateException(object + " could not be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new UserError("caravan.invoice.object: " + object + " needs a public constructor that takes "
                    + (context == null ? "nothing" : "an " + InvoiceContext.class.getName()));
        }
    }
}
