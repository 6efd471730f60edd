using Pharos.Storage.Model;

namespace Pharos.Storage.Logs;

/// <summary>A consistent view of one tenant's entries in the range that it was opened with.</summary>
/// <remarks>Thread-safe for reads. Holds blocks open until disposed.</remarks>
public interface ILogQuerier : IDisposable
{
    /// <summary>The streams that all matchers match and that have a block which touches the range, sorted by label set. No matcher
    /// means every stream.</summary>
    IReadOnlyList<LogStream> Streams(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation);

    /// <summary>The blocks that hold entries of such streams in the range, oldest beginning first; the newest entries, in memory, are
    /// blocks, too. Blocks may overlap in time. Nothing is decoded yet.</summary>
    IReadOnlyList<ILogBlock> Blocks(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation);

    /// <summary>How many entries lie in damaged blocks of the range with such streams, which <see cref="Blocks"/> leaves out: some of them may be
    /// missing in what was made of it. Damage is found by reading.</summary>
    long DamagedEntries(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) => 0;

    /// <summary>All label names of the matching streams, sorted.</summary>
    IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation);

    /// <summary>All values of a label among the matching streams, sorted.</summary>
    IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation);
}
