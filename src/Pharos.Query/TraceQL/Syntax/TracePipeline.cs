namespace Pharos.Query.TraceQL.Syntax;

/// <summary>Stages, each of which gets the sets of spans that the one before it gives.</summary>
public sealed record TracePipeline(IReadOnlyList<PipelineStage> Stages) : TraceExpr
{
    public int Depth { get; } = Stages.Max(static stage => stage.Depth);

    public override string ToString() => string.Join(" | ", Stages);
}
