package dev.anabranch.trials.stacks;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Runs stacks on branches of one main, moves main, promotes, and looks at main for what landed. */
public final class StackTrial {

  private static final List<String> PROGRAMS =
      List.of("node/package.json", "node/stacks.mjs", "python/stacks.py", "ruby/stacks.rb");

  private final Product product;
  private final Address main;
  private final Path programs;

  /**
   * @param programs an empty directory for the stacks' programs
   */
  public StackTrial(Product product, Path programs) {
    this.product = product;
    this.main = product.main();
    this.programs = programs;
  }

  /**
   * What came of one stack.
   *
   * @param findings what is not as promised; empty when all is
   */
  public record Outcome(Stack stack, List<String> findings) {
    public Outcome {
      findings = List.copyOf(findings);
    }
  }

  /** Lays the programs out, and makes the tables on main. */
  public void prepare() throws IOException, SQLException {
    for (String program : PROGRAMS) {
      Path file = programs.resolve(program);
      Files.createDirectories(file.getParent());
      Files.write(file, resource(program));
    }
    main.run(new String(resource("schema.sql"), StandardCharsets.UTF_8));
  }

  /** Brings the packages of node's stacks; empty when that went well, else what npm said. */
  public String install() throws IOException {
    Result npm =
        run(programs.resolve("node"), List.of("npm", "install", "--no-audit", "--no-fund"));
    return npm.status() == 0 ? "" : npm.output();
  }

  /** The whole trial of one stack. */
  public Outcome judge(Stack stack) {
    List<String> findings = new ArrayList<>();
    try {
      elsewhere(stack, findings);
      underneath(stack, findings);
    } catch (IOException | SQLException | RuntimeException e) {
      findings.add("it broke off: " + e);
    }
    return new Outcome(stack, findings);
  }

  /** Main changes what no request read: everything lands. */
  private void elsewhere(Stack stack, List<String> findings) throws IOException, SQLException {
    String mark = stack.name() + "-a";
    String branch = work(stack, mark, findings);
    main.run("UPDATE customers SET tier = '" + mark + "' WHERE id = 40");
    JsonNode promotion = product.promote(branch, false, List.of());
    expect(
        findings,
        "with main changed elsewhere",
        List.of("10", "20", "30"),
        landed(mark),
        promotion);
    product.delete(branch);
    reopen(mark);
  }

  /** Main changes a row that the second request read: that request is held, and no other. */
  private void underneath(Stack stack, List<String> findings) throws IOException, SQLException {
    String mark = stack.name() + "-b";
    String branch = work(stack, mark, findings);
    main.run("UPDATE customers SET name = name || '!' WHERE id = 2");
    JsonNode promotion = product.promote(branch, false, List.of());
    // A queue's third worker got the third job because the second was taken, and a tenant's third
    // request counts the note that the second wrote: they rest on that.
    List<String> free =
        Set.of("queue", "tenants").contains(stack.name()) ? List.of("10") : List.of("10", "30");
    expect(findings, "with one customer changed", free, landed(mark), promotion);
    product.delete(branch);
    reopen(mark);
  }

  private String work(Stack stack, String mark, List<String> findings) throws IOException {
    String branch = "stack-" + mark.toLowerCase(Locale.ROOT);
    Address address = product.create(branch, Product.Wish.now());
    Result done = run(Path.of(""), stack.command(programs, address.url(), mark));
    if (done.status() != 0) {
      findings.add("its program failed: " + done.output());
    }
    return branch;
  }

  private List<String> landed(String mark) throws SQLException {
    return main.texts(
        "SELECT o.id FROM orders o WHERE o.status = '"
            + mark
            + "' AND EXISTS (SELECT FROM order_items i WHERE i.order_id = o.id AND i.sku = '"
            + mark
            + "') ORDER BY o.id");
  }

  private void reopen(String mark) throws SQLException {
    main.run(
        "UPDATE orders SET status = 'open' WHERE status = '" + mark + "'",
        "UPDATE jobs SET state = 'ready' WHERE state <> 'ready'");
  }

  private static void expect(
      List<String> findings,
      String when,
      List<String> orders,
      List<String> landed,
      JsonNode promotion) {
    if (!landed.equals(orders)) {
      findings.add(
          when
              + ": orders "
              + landed
              + " landed and not "
              + orders
              + "; "
              + sentences(promotion.get("facts")));
    }
  }

  private static String sentences(JsonNode facts) {
    List<String> sentences = new ArrayList<>();
    facts.forEach(fact -> sentences.add(fact.path("sentence").asString("")));
    return String.join(" | ", sentences);
  }

  private record Result(int status, String output) {}

  private static Result run(Path directory, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Result(process.waitFor(), output.strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a stack was at work", e);
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = StackTrial.class.getResourceAsStream("/stacks/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the program " + name + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + name, e);
    }
  }
}
