namespace Pharos.Query.PromQL.Evaluation;

/// <summary>The times that an expression is evaluated at: one, or every step of an interval, end included.</summary>
/// <param name="StepMs">0 for a single time.</param>
internal readonly record struct StepGrid(long StartMs, long EndMs, long StepMs)
{
    public int Count => StepMs <= 0 || EndMs < StartMs ? (EndMs < StartMs ? 0 : 1)
        : checked((int)((EndMs - StartMs) / StepMs)) + 1;

    public long At(int step) => StartMs + (step * StepMs);
}
