package dev.anabranch.promote;

import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.promote.plan.Plan;
import java.util.function.BooleanSupplier;

/**
 * What a branch would land now, for who makes another life of it.
 *
 * @param inspection its check
 * @param plan what would land, and what a person has to decide first
 * @param promotion the same as a dry run tells it
 * @param landed what of it is on main already
 * @param asDefined asks whether main still defines everything as it did before the check
 */
public record Outlook(
    Inspection inspection,
    Plan plan,
    Promotion promotion,
    Landed landed,
    BooleanSupplier asDefined) {}
