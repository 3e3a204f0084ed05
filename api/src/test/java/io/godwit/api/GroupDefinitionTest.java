package io.godwit.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GroupDefinitionTest {
    private static final String SHOP = """
            {"name": "shop", "peer": "west", "vms": [
              {"name": "db", "memory": "256MiB", "vcpus": 1, "address": "10.90.0.10", "mac": "52:54:00:00:00:0a",
               "disks": [{"name": "root", "image": "/srv/shop.raw"}]}]}
            """;

    private static GroupDefinition read(String json) {
        return Json.read(json, GroupDefinition.class, "shop.json");
    }

    @Test
    void isReadAsPeopleWriteIt() {
        GroupDefinition shop = read(SHOP);
        assertThat(shop.vms().getFirst().memory()).isEqualTo(ByteCount.ofMiB(256));
        assertThat(shop.disks().findFirst().orElseThrow().size()).isEmpty();
        assertThat(read(Json.line(shop))).isEqualTo(shop);
    }

    private static String withDisk(String disk) {
        return SHOP.replace("/srv/shop.raw\"}", "/srv/shop.raw\"}, " + disk);
    }

    @Test
    void aDiskMayBeScratch() {
        GroupDefinition shop = read(withDisk("{\"name\": \"swap\", \"class\": \"scratch\", \"size\": \"4GiB\"}"));
        assertThat(shop.replicatedDisks().map(disk -> disk.name().value())).containsExactly("root");
        assertThat(shop.scratchDisks().map(disk -> disk.name().value())).containsExactly("swap");
        assertThat(read(Json.line(shop))).isEqualTo(shop);
    }

    @Test
    void aDiskMayBeAsync() {
        GroupDefinition shop =
                read(withDisk("{\"name\": \"media\", \"class\": \"async\", \"image\": \"/srv/media.raw\"}"));
        assertThat(shop.replicatedDisks().map(disk -> disk.name().value())).containsExactly("root", "media");
        assertThat(shop.asyncDisks().map(disk -> disk.name().value())).containsExactly("media");
        assertThat(shop.disks().map(DiskDefinition::effectiveClass)).containsExactly(DiskClass.SYNC, DiskClass.ASYNC);
        assertThat(read(Json.line(shop))).isEqualTo(shop);
    }

    @Test
    void theFormerNameOfTheFirstClassIsUnderstood() {
        GroupDefinition shop =
                read(withDisk("{\"name\": \"media\", \"class\": \"replicated\", \"image\": \"/srv/media.raw\"}"));
        assertThat(shop.disks().map(DiskDefinition::effectiveClass)).containsExactly(DiskClass.SYNC, DiskClass.SYNC);
    }

    @Test
    void saysWhatADisksClassAsksFor() {
        refused(
                withDisk("{\"name\": \"swap\", \"class\": \"scratch\"}"),
                "disk swap is scratch: its size must be given");
        refused(
                withDisk("{\"name\": \"swap\", \"class\": \"scratch\", \"size\": \"4GiB\", \"image\": \"/x\"}"),
                "it has no image");
        refused(withDisk("{\"name\": \"data\", \"size\": \"4GiB\"}"), "disk data needs an image");
        refused(withDisk("{\"name\": \"data\", \"class\": \"bulk\"}"), "bulk");
        refused(
                SHOP.replace("\"image\": \"/srv/shop.raw\"", "\"class\": \"scratch\", \"size\": \"4GiB\""),
                "boots from its first disk, which can't be scratch");
    }

    private static String three(String web, String db, String cache) {
        String vm = """
                {"name": "%1$s", "memory": "256MiB", "vcpus": 1, "address": "10.90.0.%2$d", "mac": "52:54:00:00:00:%2$d",
                 "disks": [{"name": "%1$s", "image": "/srv/%1$s.raw"}]%3$s}""";
        return "{\"name\": \"shop\", \"peer\": \"west\", \"vms\": [%s, %s, %s]}"
                .formatted(vm.formatted("web", 10, web), vm.formatted("db", 11, db), vm.formatted("cache", 12, cache));
    }

    @Test
    void machinesMayWaitForOthers() {
        GroupDefinition shop =
                read(three(", \"after\": [\"db\", \"cache\"]", ", \"readyPort\": 5432", ", \"after\": [\"db\"]"));
        assertThat(shop.vms().getFirst().waitsFor()).containsExactly(new VmName("db"), new VmName("cache"));
        assertThat(shop.vms().get(1).readyPort()).contains(5432);
        assertThat(read(Json.line(shop))).isEqualTo(shop);
    }

    @Test
    void saysWhyMachinesCanNeverBeBooted() {
        refused(three(", \"after\": [\"web\"]", "", ""), "virtual machine web: can't be booted after itself");
        refused(
                three(", \"after\": [\"mail\"]", "", ""),
                "web is to be booted after mail, which is none of its machines");
        refused(
                three(", \"after\": [\"db\"]", ", \"after\": [\"cache\"]", ", \"after\": [\"web\"]"),
                "machines [web, db, cache] can't be booted, since each waits for another");
        refused(three(", \"after\": [\"db\", \"db\"]", "", ""), "names a machine twice in 'after'");
        refused(three("", ", \"readyPort\": 65536", ""), "readyPort must be 1 to 65535");
    }

    private static String withPriority(String priority) {
        return SHOP.replace("\"peer\"", "\"priority\": " + priority + ", \"peer\"");
    }

    @Test
    void hasAPriorityWhetherOneIsGivenOrNot() {
        GroupDefinition first = read(withPriority("9"));
        assertThat(first.effectivePriority()).isEqualTo(9);
        assertThat(read(Json.line(first))).isEqualTo(first);
        GroupDefinition usual = read(SHOP);
        assertThat(usual.effectivePriority()).isEqualTo(GroupDefinition.DEFAULT_PRIORITY);
        assertThat(Json.line(usual)).as("a site that doesn't know the key").doesNotContain("priority");
        for (String wrong : new String[] {"0", "10", "-1"}) {
            refused(
                    withPriority(wrong),
                    "group shop: its priority is 1 (leaves a site last) to 9 (leaves it first), not " + wrong);
        }
        refused(withPriority("\"high\""), "priority");
        refused(withPriority("99999999999999"), "priority is a number that has no room there");
    }

    @Test
    void saysWhatIsMissing() {
        refused("{}", "a group needs \"name\", \"peer\" and \"vms\"");
        refused("{\"name\": \"shop\", \"peer\": \"west\", \"vms\": [null]}", "a group needs");
        refused(SHOP.replace("\"mac\": \"52:54:00:00:00:0a\",", ""), "a virtual machine needs");
        refused(SHOP.replace("{\"name\": \"root\", ", "{"), "a disk needs a \"name\"");
    }

    @Test
    void saysWhatIsWrong() {
        refused(
                SHOP.replace("10.90.0.10", "10.90.0.256"),
                "shop.json: virtual machine db: '10.90.0.256' is not an IPv4");
        refused(SHOP.replace("00:0a", "00:zz"), "is not a unicast MAC address");
        refused(SHOP.replace("256MiB", "1MiB"), "memory must be at least 64 MiB");
        refused(SHOP.replace("\"vcpus\": 1", "\"cpus\": 1"), "cpus");
    }

    private static void refused(String json, String complaint) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(GodwitException.class).hasMessageContaining(complaint);
    }

    private static String withEssential(String essential) {
        return SHOP.replace("\"disks\"", "\"essential\": " + essential + ", \"disks\"");
    }

    @Test
    void aMachineMayHaveEssentialStateOnADiskThatItDoesNotSee() {
        GroupDefinition shop = read(
                withEssential("{\"export\": [\"/bin/dump\"], \"import\": [\"/bin/load\", \"-\"], \"maxSize\": 5000}"));
        assertThat(shop.stateDisks())
                .containsExactly(
                        new GroupDefinition.StateDisk(new VmName("db"), new DiskName("state-1"), new ByteCount(8192)));
        assertThat(shop.disks()).hasSize(1);
        assertThat(shop.vms().getFirst().essential().orElseThrow().period()).isEqualTo(Duration.ofSeconds(60));
        assertThat(read(Json.line(shop))).isEqualTo(shop);
        assertThat(read(SHOP).stateDisks()).isEmpty();
    }

    @Test
    void essentialStateThatCannotBeIsRefusedWithASentence() {
        String commands = "\"export\": [\"/bin/dump\"], \"import\": [\"/bin/load\"]";
        assertThatThrownBy(() -> read(withEssential("{\"export\": [\"/bin/dump\"]}")))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("needs \"export\" and \"import\"");
        assertThatThrownBy(() -> read(withEssential("{\"export\": [\"dump\"], \"import\": [\"/bin/load\"]}")))
                .hasMessageContaining("absolute path");
        assertThatThrownBy(() -> read(withEssential("{" + commands + ", \"everySeconds\": 0}")))
                .hasMessageContaining("1 to 86400 s, not 0");
        assertThatThrownBy(() -> read(withEssential("{" + commands + ", \"withinSeconds\": 601}")))
                .hasMessageContaining("1 to 600 s, not 601");
        assertThatThrownBy(() -> read(withEssential("{" + commands + ", \"maxSize\": \"3MiB\"}")))
                .hasMessageContaining("1 byte to 2");
        assertThatThrownBy(() -> read(withEssential("{" + commands + "}").replace("\"root\"", "\"state-1\"")))
                .hasMessageContaining("disk name state-1 is used twice");
    }

    private static String withService(String service) {
        return SHOP.replace("\"disks\"", "\"service\": " + service + ", \"disks\"");
    }

    @Test
    void aMachineMaySayHowItsServiceIsLookedAfter() {
        GroupDefinition shop = read(withService("{\"port\": 5432, \"then\": \"restart\"}"));
        ServiceProbe service = shop.vms().getFirst().service().orElseThrow();
        assertThat(service.restarts()).isTrue();
        assertThat(service.period()).isEqualTo(Duration.ofSeconds(5));
        assertThat(service.patience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(read(Json.line(shop))).isEqualTo(shop);
        assertThat(read(withService("{\"port\": 5432}"))
                        .vms()
                        .getFirst()
                        .service()
                        .orElseThrow()
                        .restarts())
                .isFalse();
    }

    @Test
    void aServiceThatCannotBeLookedAfterIsRefusedWithASentence() {
        refused(withService("{}"), "a \"port\" of 1 to 65535");
        refused(withService("{\"port\": 70000}"), "a \"port\" of 1 to 65535");
        refused(withService("{\"port\": 80, \"everySeconds\": 0}"), "is tried every 1 to 3600 s, not 0");
        refused(withService("{\"port\": 80, \"silentSeconds\": 3601}"), "may be silent for 1 to 3600 s, not 3601");
        refused(withService("{\"port\": 80, \"then\": \"pray\"}"), "then");
    }
}
