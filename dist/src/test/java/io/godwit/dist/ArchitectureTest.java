package io.godwit.dist;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The direction of dependencies that ARCHITECTURE.md draws. */
class ArchitectureTest {
    private static final JavaClasses GODWIT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.godwit");

    @Test
    void partsDependDownwardsOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.godwit..")
                .layer("core")
                .definedBy("io.godwit.core..")
                .layer("volume")
                .definedBy("io.godwit.volume..")
                .layer("link")
                .definedBy("io.godwit.link..")
                .layer("replication")
                .definedBy("io.godwit.replication..")
                .layer("memory")
                .definedBy("io.godwit.memory..")
                .layer("hypervisor")
                .definedBy("io.godwit.hypervisor..")
                .layer("network")
                .definedBy("io.godwit.network..")
                .layer("migration")
                .definedBy("io.godwit.migration..")
                .layer("quorum")
                .definedBy("io.godwit.quorum..")
                .layer("voter")
                .definedBy("io.godwit.voter..")
                .layer("api")
                .definedBy("io.godwit.api..")
                .layer("site")
                .definedBy("io.godwit.site..")
                .layer("cli")
                .definedBy("io.godwit.cli..")
                .layer("lab")
                .definedBy("io.godwit.lab..")
                .layer("bench")
                .definedBy("io.godwit.bench..")
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .whereLayer("volume")
                .mayOnlyAccessLayers("core")
                .whereLayer("link")
                .mayOnlyAccessLayers("core")
                .whereLayer("memory")
                .mayOnlyAccessLayers("core")
                .whereLayer("hypervisor")
                .mayOnlyAccessLayers("core")
                .whereLayer("network")
                .mayOnlyAccessLayers("core")
                .whereLayer("migration")
                .mayOnlyAccessLayers("core")
                .whereLayer("quorum")
                .mayOnlyAccessLayers("core")
                .whereLayer("voter")
                .mayOnlyAccessLayers("core", "link", "quorum", "api")
                .whereLayer("replication")
                .mayOnlyAccessLayers("core", "volume")
                .whereLayer("api")
                .mayOnlyAccessLayers("core")
                .whereLayer("cli")
                .mayOnlyAccessLayers("core", "api")
                .whereLayer("lab")
                .mayOnlyAccessLayers("core", "api")
                .whereLayer("bench")
                .mayOnlyAccessLayers("core", "volume", "replication")
                .whereLayer("bench")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("site")
                .mayNotBeAccessedByAnyLayer()
                .check(GODWIT);
    }

    @Test
    void whatAGroupStandsOnKnowsNothingOfIt() {
        String files = "io.godwit.site.files..";
        String disks = "io.godwit.site.disks..";
        String guests = "io.godwit.site.guests..";
        String essential = "io.godwit.site.essential..";
        String group = "io.godwit.site.group..";
        String trial = "io.godwit.site.trial..";
        // A group's files know how large a disk for essential state is.
        below(files, disks, guests, group, trial);
        below(disks, guests, essential, group, trial);
        below(guests, essential, group, trial);
        below(essential, group, trial);
    }

    private static void below(String room, String... above) {
        noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(above)
                .check(GODWIT);
    }

    @Test
    void noTwoPartsNeedEachOther() {
        slices().matching("io.godwit.(*)..").should().beFreeOfCycles().check(GODWIT);
    }
}
