namespace ProgressiveFramework.Agents;

/// <summary>What tells one agent from another: its type, its plans and how long they take.</summary>
/// <param name="Type">The label <c>agent_type</c>.</param>
/// <param name="MedianSeconds">Half of its answers take less.</param>
/// <param name="BaseMemoryBytes">What it needs at rest.</param>
public sealed record AgentProfile(string Type, double MedianSeconds, long BaseMemoryBytes)
{
    public static readonly AgentProfile Coordinator = new("mca", 0.05, 220L << 20);

    public static readonly AgentProfile Nutrition = new("npa", 0.35, 380L << 20);

    public static readonly AgentProfile Workout = new("wpa", 0.25, 310L << 20);

    public static readonly IReadOnlyList<string> NutritionPlans = ["balanced", "keto", "vegan", "high_protein"];

    public static readonly IReadOnlyList<string> WorkoutTypes = ["strength", "cardio", "mobility"];

    public static readonly IReadOnlyList<string> Difficulties = ["beginner", "intermediate", "advanced"];
}
