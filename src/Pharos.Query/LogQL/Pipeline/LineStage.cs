namespace Pharos.Query.LogQL.Pipeline;

/// <summary>A stage ready to run.</summary>
/// <remarks>Not thread-safe: each worker compiles the query for itself.</remarks>
internal abstract class LineStage
{
    /// <summary>False drops the line.</summary>
    public abstract bool Apply(ref LogLine line);
}
