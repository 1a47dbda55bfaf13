package dev.anabranch.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BranchNameTest {

  @Test
  void takesLabels() {
    for (String name : new String[] {"a", "alice", "pr-1234", "0", "a".repeat(63)}) {
      assertThat(new BranchName(name)).hasToString(name);
    }
  }

  @Test
  void refusesEverythingElseAndSaysWhatIsAllowed() {
    for (String name :
        new String[] {"", "-a", "a-", "Alice", "a_b", "a.b", "a/b", "a b", "a".repeat(64), "ä"}) {
      assertThatThrownBy(() -> new BranchName(name))
          .isInstanceOfSatisfying(
              AnabranchException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.BRANCH_NAME_INVALID))
          .hasMessageContaining("'" + name + "'")
          .hasMessageContaining("1 to 63");
    }
  }
}
