namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>What the bytes between two values lead to.</summary>
/// <param name="Kind">Of the value behind them.</param>
/// <param name="Depth">How many objects are open there.</param>
/// <param name="IsWanted">Whether somebody looks for the value.</param>
/// <param name="Key">The label that a wanted value is kept as, where a stage asks.</param>
internal readonly record struct JsonStep(JsonFieldKind Kind, int Depth, bool IsWanted, LabelKey? Key);
