package org.caravan.hub.management;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An argument of an MBean's operation, as a console shows it; Camel's annotations have none for it. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Argument {
    String name();

    /** What it means, what form it has, and what nothing means. */
    String description();
}
