package dev.anabranch.branch.storage;

import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** Copies every byte: works everywhere, costs what it copies, and shares nothing. */
public record FullCopy() implements Provider {

  @Override
  public String name() {
    return "copy";
  }

  @Override
  public Ability tryIn(Path empty) {
    return new Ability(true, false, Optional.empty());
  }

  @Override
  public void copy(Path source, Path target, Predicate<Path> wanted) throws IOException {
    TreeCopy.run(source, target, wanted, TreeCopy.copying());
  }

  @Override
  public void makeDirectory(Path target) throws IOException {
    Files.createDirectory(target);
  }

  @Override
  public void remove(Path target) throws IOException {
    Trees.delete(target);
  }

  @Override
  public boolean paysPerExtent() {
    return false;
  }
}
