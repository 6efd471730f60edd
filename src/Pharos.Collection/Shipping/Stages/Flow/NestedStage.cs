namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary><c>pipeline</c>, and the stages inside <c>match</c>: a list of stages as one.</summary>
public sealed class NestedStage : IHoldingStage, IEntryOutput
{
    private readonly StagePipeline _stages;
    private IEntryOutput? _next;

    public NestedStage(IReadOnlyList<StageFactory> stages, StageContext context) => _stages = new StagePipeline(stages, context, this);

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        _next = next;
        _stages.Process(entry);
    }

    public void Flush(long nowMs, bool everything, IEntryOutput next)
    {
        _next = next;
        _stages.Flush(everything);
    }

    public void AddHeld(List<SourceRange> held) => held.AddRange(_stages.Held());

    void IEntryOutput.Take(ShippedEntry entry) => _next!.Take(entry);
}
