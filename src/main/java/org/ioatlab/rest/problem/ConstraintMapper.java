package org.ioatlab.rest.problem;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.ext.Provider;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Fields whose values their own constraints don't allow, named as in the request. */
@Provider
@Priority(ProblemPriority.OURS)
public final class ConstraintMapper extends ExceptionMapperBase<ConstraintViolationException> {
    @Override
    protected HttpProblem toProblem(ConstraintViolationException failure) {
        return toProblem(failure.getConstraintViolations());
    }

    /** The problem of these violations, in a fixed order. */
    public static HttpProblem toProblem(Set<? extends ConstraintViolation<?>> violations) {
        List<Problems.Violation> fields = violations.stream()
                .map(violation -> new Problems.Violation(field(violation.getPropertyPath()), violation.getMessage()))
                .sorted(Comparator.comparing(Problems.Violation::field).thenComparing(Problems.Violation::message))
                .toList();
        return Problems.violations(fields);
    }

    /** Drops the method and, when something follows, the parameter that holds the body. */
    private static String field(Path path) {
        StringBuilder field = new StringBuilder();
        String parameter = "body";
        for (Path.Node node : path) {
            if (node.getKind() == ElementKind.PARAMETER) {
                parameter = node.getName();
            } else if (node.getKind() != ElementKind.METHOD) {
                append(field, node);
            }
        }
        return field.isEmpty() ? parameter : field.toString();
    }

    private static void append(StringBuilder field, Path.Node node) {
        if (node.getIndex() != null) {
            field.append('[').append(node.getIndex()).append(']');
        }
        if (node.getKind() == ElementKind.CONTAINER_ELEMENT || node.getName() == null) {
            return;
        }
        field.append(field.isEmpty() ? "" : ".").append(node.getName());
    }
}
