package org.caravan.hub.management;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An operation that changes nothing; a console may let those call it who may only look. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Reads {}
