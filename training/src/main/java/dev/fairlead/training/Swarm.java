package dev.fairlead.training;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Swarm of labelled services, in the words of the Docker Engine API 1.41. As long as those of a
 * real engine, field for field.
 *
 * @param services how many; service {@code i} is {@code app-i}
 * @param tasksPerService all of them running
 * @param port that the labels name; the addresses of the tasks are all on the loopback
 */
public record Swarm(int services, int tasksPerService, int port) {

  /** What the settings name as {@code docker.networks}. */
  public static final String NETWORK = "reverse-proxy";

  /** What the settings name as {@code domain}. */
  public static final String DOMAIN = "example.com";

  private static final String TIME = "2026-11-23T21:17:24.959163593Z";

  /** The host of a service. */
  public static String host(int service) {
    return "app-%d.%s".formatted(service, DOMAIN);
  }

  /** What {@code GET /services} answers. */
  String listOfServices() {
    return list(IntStream.range(0, services).mapToObj(this::service).collect(comma()));
  }

  /** What {@code GET /tasks} answers. */
  String listOfTasks() {
    return list(
        IntStream.range(0, services)
            .boxed()
            .flatMap(i -> IntStream.range(0, tasksPerService).mapToObj(slot -> task(i, slot)))
            .collect(comma()));
  }

  /** What {@code GET /networks} answers. */
  String listOfNetworks() {
    return list(
        """
        {"Name":"%s","Id":"%s","Created":"%s","Scope":"swarm","Driver":"overlay","EnableIPv6":false,\
        "IPAM":{"Driver":"default","Options":null,"Config":[{"Subnet":"10.200.0.0/16","Gateway":"10.200.0.1"}]},\
        "Internal":false,"Attachable":true,"Ingress":false,"ConfigFrom":{"Network":""},"ConfigOnly":false,\
        "Containers":null,"Options":{"com.docker.network.driver.overlay.vxlanid_list":"4097"},"Labels":null}\
        """
            .formatted(NETWORK, id(0), TIME));
  }

  private String service(int i) {
    return """
    {"ID":"%1$s","Version":{"Index":%2$d},"CreatedAt":"%3$s","UpdatedAt":"%3$s","Spec":{"Name":"stack_app-%2$d",\
    "Labels":{"com.docker.stack.image":"example/app:1","com.docker.stack.namespace":"stack","fairlead.port":"%4$d"},\
    "TaskTemplate":%5$s,"Mode":{"Replicated":{"Replicas":%6$d}},\
    "UpdateConfig":{"Parallelism":1,"FailureAction":"pause","MaxFailureRatio":0,"Order":"stop-first"},\
    "EndpointSpec":{"Mode":"vip"}},"Endpoint":{"Spec":{"Mode":"vip"},\
    "VirtualIPs":[{"NetworkID":"%7$s","Addr":"10.200.%8$d.%9$d/16"}]}}\
    """
        .formatted(
            id(i + 1),
            i,
            TIME,
            port,
            template(i, "TaskTemplate"),
            tasksPerService,
            id(0),
            i / 250,
            i % 250 + 2);
  }

  private String task(int i, int slot) {
    int number = 1_000_000 + i * tasksPerService + slot;
    return """
    {"ID":"%1$s","Version":{"Index":%2$d},"CreatedAt":"%3$s","UpdatedAt":"%3$s","Labels":{},"Spec":%4$s,\
    "ServiceID":"%5$s","Slot":%6$d,"NodeID":"%7$s","Status":{"Timestamp":"%3$s","State":"running",\
    "Message":"started","ContainerStatus":{"ContainerID":"%8$064x","PID":%2$d,"ExitCode":0},"PortStatus":{}},\
    "DesiredState":"running","NetworksAttachments":[{"Network":{"ID":"%9$s","Version":{"Index":12},\
    "CreatedAt":"%3$s","UpdatedAt":"%3$s","Spec":{"Name":"%10$s","Labels":{},\
    "DriverConfiguration":{"Name":"overlay"},"Attachable":true,"IPAMOptions":{"Driver":{"Name":"default"}},\
    "Scope":"swarm"},"DriverState":{"Name":"overlay",\
    "Options":{"com.docker.network.driver.overlay.vxlanid_list":"4097"}},\
    "IPAMOptions":{"Driver":{"Name":"default"},\
    "Configs":[{"Subnet":"10.200.0.0/16","Gateway":"10.200.0.1"}]}},"Addresses":["127.%6$d.%11$d.%12$d/16"]}]}\
    """
        .formatted(
            id(number),
            number,
            TIME,
            template(i, "Spec"),
            id(i + 1),
            slot + 1,
            id(2_000_000),
            number,
            id(0),
            NETWORK,
            i / 250,
            i % 250 + 2);
  }

  private static String template(int i, String where) {
    return """
    {"ContainerSpec":{"Image":"example/app:1","Labels":{"com.docker.stack.namespace":"stack"},\
    "Env":["MODE=production","WHERE=%1$s"],"Privileges":{"CredentialSpec":null,"SELinuxContext":null},\
    "Isolation":"default"},"Resources":{},"Placement":{"Platforms":[{"Architecture":"amd64","OS":"linux"}]},\
    "Networks":[{"Target":"%2$s","Aliases":["app-%3$d"]}],"ForceUpdate":0,"Runtime":"container"}\
    """
        .formatted(where, id(0), i);
  }

  /** As an engine's: 25 characters. */
  private static String id(int number) {
    String digits = Integer.toString(number, 36);
    return "k7q2m0z4w8x1v5t9s3r6p0abc".substring(digits.length()) + digits;
  }

  private static String list(String items) {
    return "[" + items + "]\n";
  }

  private static java.util.stream.Collector<CharSequence, ?, String> comma() {
    return Collectors.joining(",");
  }
}
