package org.ioatlab;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.ioatlab.ArchitectureTest.check;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.nio.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.BitSet;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.WeakHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A machine is a pure function of spec, seed and commands: what would make it anything else stays out of its rooms. */
class DeterminismTest {

    /** The rooms whose behaviour follows from spec, seed and commands alone. */
    private static final String[] PURE = {
        "org.ioatlab.time..",
        "org.ioatlab.wire..",
        "org.ioatlab.observe..",
        "org.ioatlab.hardware..",
        "org.ioatlab.kernel..",
        "org.ioatlab.workload..",
        "org.ioatlab.machine..",
        "org.ioatlab.experiment.."
    };

    private static final String[] CORE =
            Stream.concat(Stream.of(PURE), Stream.of("org.ioatlab.lab..")).toArray(String[]::new);

    private static final String[] FRAMEWORKS = {
        "io.quarkus..",
        "io.quarkiverse..",
        "io.vertx..",
        "io.smallrye..",
        "io.micrometer..",
        "org.eclipse.microprofile..",
        "jakarta.ws.rs..",
        "jakarta.enterprise..",
        "jakarta.inject..",
        "jakarta.interceptor..",
        "jakarta.annotation..",
        "com.fasterxml..",
        "tools.jackson..",
        "java.sql..",
        "javax.sql.."
    };

    @Test
    void theCoreKnowsNoFramework() {
        check(noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FRAMEWORKS));
    }

    @Test
    void noWallClock() {
        neverTouch(assignableTo(Clock.class).or(assignableTo(Date.class)));
        neverCall("java.lang.System", "nanoTime", "currentTimeMillis");
        neverAccess(describe(
                "now() of java.time",
                access -> access.getTarget().getName().equals("now")
                        && access.getTargetOwner().getPackageName().startsWith("java.time")));
    }

    @Test
    void noThreads() {
        neverTouch(resideInAnyPackage("java.util.concurrent..")
                .or(assignableTo(Thread.class))
                .or(assignableTo(ThreadLocal.class))
                .or(assignableTo(Timer.class)));
        neverAccess(describe(
                "a parallel stream or array operation",
                access -> access.getTarget().getName().startsWith("parallel")
                        && access.getTargetOwner().getPackageName().startsWith("java.util")));
    }

    @Test
    void noRandomnessButTheMachinesOwn() {
        neverTouch(assignableTo(SecureRandom.class));
        neverCall("java.lang.Math", "random");
        neverCall("java.lang.StrictMath", "random");
        neverCall("java.util.UUID", "randomUUID");
        neverCall("java.util.Collections", "shuffle");
        neverCall("java.util.concurrent.ThreadLocalRandom", "current");
        neverCall("java.util.random.RandomGenerator", "getDefault", "of");
        neverAccess(describe(
                "a generator without a seed",
                access -> access.getTarget().getName().equals("<init>")
                        && parameters(access) == 0
                        && access.getTargetOwner().isAssignableTo(RandomGenerator.class)
                        && !access.getTargetOwner().getPackageName().startsWith("org.ioatlab")));
    }

    /** {@code Set.of} and {@code Map.of} are salted anew in every JVM, and some collectors hand out hash tables. */
    @Test
    void noHashOrder() {
        for (Class<?> table :
                List.of(HashMap.class, HashSet.class, IdentityHashMap.class, WeakHashMap.class, Hashtable.class)) {
            neverTouch(describe(table.getName(), type -> type.isEquivalentTo(table)));
        }
        neverCall("java.lang.System", "identityHashCode");
        neverCall("java.util.Set", "copyOf");
        neverCall("java.util.Map", "ofEntries", "copyOf");
        neverCallOfWithMoreParameters("java.util.Set", 1);
        neverCallOfWithMoreParameters("java.util.Map", 2);
        neverCall("java.util.stream.Collectors", "toSet", "toUnmodifiableSet", "toUnmodifiableMap");
        neverCallCollectorWithFewerParameters("groupingBy", 3);
        neverCallCollectorWithFewerParameters("toMap", 4);
    }

    /** One entry has only one order. */
    private static void neverCallOfWithMoreParameters(String owner, int parameters) {
        neverAccess(describe(
                "%s.of with several entries".formatted(owner),
                access -> access.getTargetOwner().getFullName().equals(owner)
                        && access.getTarget().getName().equals("of")
                        && (parameters(access) > parameters || isVariadic(access))));
    }

    private static boolean isVariadic(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && target.getRawParameterTypes().stream().anyMatch(JavaClass::isArray);
    }

    private static void neverCallCollectorWithFewerParameters(String collector, int parameters) {
        neverAccess(describe(
                "Collectors.%s without a map of the caller's choice".formatted(collector),
                access -> access.getTargetOwner().getFullName().equals("java.util.stream.Collectors")
                        && access.getTarget().getName().equals(collector)
                        && parameters(access) < parameters));
    }

    @Test
    void noFloatingPointState() {
        Set<String> floatingPoint = Set.of("double", "float", "java.lang.Double", "java.lang.Float");
        check(noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage("org.ioatlab.time..", "org.ioatlab.hardware..", "org.ioatlab.kernel..")
                .and()
                .areNotStatic()
                .should()
                .haveRawType(describe(
                        "a floating-point type",
                        type -> floatingPoint.contains(
                                type.getBaseComponentType().getFullName())))
                .because("sums of integers are the same in every order"));
    }

    @Test
    void noStaticVariables() {
        check(noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(CORE)
                .and()
                .areStatic()
                .should()
                .notBeFinal());
    }

    @Test
    void noStaticContainersThatCanChange() {
        check(noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(CORE)
                .and()
                .areStatic()
                .should()
                .haveRawType(describe("a mutable container", DeterminismTest::isMutableContainer)));
    }

    private static boolean isMutableContainer(JavaClass type) {
        boolean container = type.isAssignableTo(Collection.class)
                || type.isAssignableTo(Map.class)
                || type.isAssignableTo(RandomGenerator.class)
                || type.isAssignableTo(Buffer.class)
                || type.isAssignableTo(Appendable.class)
                || type.isAssignableTo(BitSet.class)
                || type.getPackageName().equals("java.util.concurrent.atomic");
        return container && !type.isInterface();
    }

    @Test
    void stateIsPlainData() {
        check(noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(PURE)
                .and()
                .areNotStatic()
                .should()
                .haveRawType(resideInAnyPackage(
                                "java.util.function..", "java.util.stream..", "java.io..", "java.nio.channels..")
                        .or(name(Runnable.class.getName())))
                .because("a snapshot holds a machine's whole state, events included"));
    }

    private static void neverTouch(DescribedPredicate<? super JavaClass> types) {
        check(noClasses().that().resideInAnyPackage(PURE).should().dependOnClassesThat(types));
    }

    private static void neverCall(String owner, String... methods) {
        Set<String> names = Set.of(methods);
        neverAccess(describe(
                "%s of %s".formatted(String.join(", ", methods), owner),
                access -> names.contains(access.getTarget().getName())
                        && access.getTargetOwner().getFullName().equals(owner)));
    }

    private static void neverAccess(DescribedPredicate<JavaAccess<?>> accesses) {
        check(noClasses().that().resideInAnyPackage(PURE).should().accessTargetWhere(accesses));
    }

    private static int parameters(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? target.getRawParameterTypes().size()
                : 0;
    }
}
