using Pharos.Query.LogQL.Pipeline;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Takes the lines that a worker's pipeline keeps.</summary>
internal abstract class RowConsumer
{
    /// <summary>Whether rows are offered from the newest to the oldest.</summary>
    public virtual bool Backward => false;

    /// <summary>What must be decoded beside times.</summary>
    public virtual LogColumns Columns => LogColumns.All;

    /// <summary>False where a row of this time, and all that come after it in its run, are of no use any more.</summary>
    public virtual bool Wants(long timeNs) => true;

    /// <summary>The rows that follow are of this stream.</summary>
    public virtual void BeginRun(LogStream stream)
    {
    }

    public abstract void Take(ref LogLine line);
}
