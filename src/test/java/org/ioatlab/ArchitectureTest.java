package org.ioatlab;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The plan of the house: which room may see which. What the rooms may not touch is in {@link DeterminismTest}. */
class ArchitectureTest {

    static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.ioatlab");

    /** A room of the house and the rooms that it may see. */
    private record Room(String name, List<String> sees) {

        static Room of(String name, String... sees) {
            return new Room(name, List.of(sees));
        }

        String packages() {
            return "org.ioatlab." + name + "..";
        }
    }

    /** Bottom up. */
    private static final List<Room> ROOMS = List.of(
            Room.of("time"),
            Room.of("wire"),
            Room.of("observe", "time", "wire"),
            Room.of("hardware", "time", "wire", "observe"),
            Room.of("kernel", "time", "wire", "observe", "hardware"),
            Room.of("workload", "time", "wire", "observe", "hardware", "kernel"),
            Room.of("machine", "time", "wire", "observe", "hardware", "kernel", "workload"),
            Room.of("experiment", "time", "machine"),
            Room.of("lab", "time", "wire", "observe", "hardware", "kernel", "workload", "machine", "experiment"),
            Room.of("rest", "machine", "experiment", "lab"),
            Room.of("store", "machine", "experiment", "lab"),
            Room.of("app", "machine", "experiment", "lab", "rest", "store"));

    @Test
    void arrowsPointDown() {
        check(floors());
    }

    private static LayeredArchitecture floors() {
        LayeredArchitecture floors =
                layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (Room room : ROOMS) {
            floors = floors.layer(room.name()).definedBy(room.packages());
        }
        for (Room room : ROOMS) {
            var arrows = floors.whereLayer(room.name());
            floors = room.sees().isEmpty()
                    ? arrows.mayNotAccessAnyLayer()
                    : arrows.mayOnlyAccessLayers(room.sees().toArray(String[]::new));
        }
        return floors;
    }

    @Test
    void everyClassLivesInARoom() {
        String[] rooms = ROOMS.stream().map(Room::packages).toArray(String[]::new);
        check(classes().should().resideInAnyPackage(rooms));
    }

    @Test
    void roomsFormNoCircles() {
        check(slices().matching("org.ioatlab.(*)..").should().beFreeOfCycles());
    }

    @Test
    void partsOfTheHardwareFormNoCircles() {
        check(slices().matching("org.ioatlab.hardware.(*)..").should().beFreeOfCycles());
    }

    @Test
    void partsOfTheKernelFormNoCircles() {
        check(slices().matching("org.ioatlab.kernel.(*)..").should().beFreeOfCycles());
    }

    @Test
    void partsOfTheWorkloadFormNoCircles() {
        check(slices().matching("org.ioatlab.workload.(*)..").should().beFreeOfCycles());
    }

    @Test
    void hardwareNeverSeesTheKernel() {
        check(noClasses()
                .that()
                .resideInAPackage("org.ioatlab.hardware..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.ioatlab.kernel..")
                .because("interrupts go up through a handler that the kernel registers"));
    }

    @Test
    void shellsSeeOnlyTheValuesOfMachineAndExperiment() {
        check(noClasses()
                .that()
                .resideInAnyPackage("org.ioatlab.rest..", "org.ioatlab.store..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.ioatlab.machine..", "org.ioatlab.experiment..")
                        .and(not(values()))
                        .and(not(simpleNameEndingWith("Face")).and(not(simpleName("ProcText")))))
                .because("the lab is a machine's one writer; faces are lent to lookers only while it holds still"));
    }

    /** What may cross a thread: records, enums, interfaces, exceptions, and classes that hold nothing. */
    private static DescribedPredicate<JavaClass> values() {
        return INTERFACES
                .or(assignableTo(Record.class))
                .or(assignableTo(Enum.class))
                .or(assignableTo(Throwable.class))
                .or(describe(
                        "classes without state",
                        type -> type.getAllFields().stream()
                                .allMatch(field -> field.getModifiers().contains(JavaModifier.STATIC))));
    }

    /** Rooms may still be empty. */
    static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(HOUSE);
    }
}
