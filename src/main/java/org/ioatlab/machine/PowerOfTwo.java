package org.ioatlab.machine;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** A number that must be a power of two. */
@Documented
@Constraint(validatedBy = PowerOfTwo.Validator.class)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface PowerOfTwo {
    String message() default "must be a power of two";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Checks the annotated number; no number is fine. */
    final class Validator implements ConstraintValidator<PowerOfTwo, Number> {
        @Override
        public boolean isValid(@Nullable Number number, ConstraintValidatorContext context) {
            return number == null || Long.bitCount(number.longValue()) == 1;
        }
    }
}
