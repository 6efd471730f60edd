using System.Collections.Concurrent;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Server.Logs;

/// <summary>The entries of one tenant among several: each stream says whose it is, and matchers may ask for it.</summary>
/// <remarks>Thread-safe for reads.</remarks>
internal sealed class TenantQuerier(string tenant, ILogQuerier querier) : ILogQuerier
{
    /// <summary>A stream is shown as the same object each time: readers tell streams apart by it.</summary>
    private readonly ConcurrentDictionary<LogStream, LogStream> _shown = new();

    public IReadOnlyList<LogStream> Streams(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        !TenantLabel.Takes(matchers, tenant) ? []
            : [.. querier.Streams(TenantLabel.WithoutTenant(matchers), cancellation).Select(Show).OrderBy(static stream => stream.Labels)];

    public IReadOnlyList<ILogBlock> Blocks(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        !TenantLabel.Takes(matchers, tenant) ? []
            : [.. querier.Blocks(TenantLabel.WithoutTenant(matchers), cancellation).Select(block => new ShownBlock(block, Show))];

    public long DamagedEntries(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        !TenantLabel.Takes(matchers, tenant) ? 0 : querier.DamagedEntries(TenantLabel.WithoutTenant(matchers), cancellation);

    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var names = TenantLabel.Takes(matchers, tenant) ? querier.LabelNames(TenantLabel.WithoutTenant(matchers), cancellation) : [];
        return names.Count == 0 ? []
            : [.. names, names.Contains(TenantLabel.Name, StringComparer.Ordinal) ? TenantLabel.Original : TenantLabel.Name];
    }

    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        if (!TenantLabel.Takes(matchers, tenant))
        {
            return [];
        }
        var own = TenantLabel.WithoutTenant(matchers);
        return name != TenantLabel.Name ? querier.LabelValues(name == TenantLabel.Original ? TenantLabel.Name : name, own, cancellation)
            : querier.LabelNames(own, cancellation).Count > 0 ? [tenant] : [];
    }

    public void Dispose() => querier.Dispose();

    private LogStream Show(LogStream stream) =>
        _shown.GetOrAdd(stream, static (own, name) => own.ShownAs(TenantLabel.AddTo(own.Labels, name)), tenant);

    private sealed class ShownBlock : ILogBlock
    {
        private readonly ILogBlock _block;

        private readonly LogRun[] _own;

        /// <summary>The places of runs by the first of their rows.</summary>
        private readonly Dictionary<int, int> _places = [];

        public ShownBlock(ILogBlock block, Func<LogStream, LogStream> show)
        {
            _block = block;
            _own = [.. block.Runs];
            for (var i = 0; i < _own.Length; i++)
            {
                _places.Add(_own[i].First, i);
            }
            Runs = [.. _own.Select(run => run with { Stream = show(run.Stream) })];
        }

        public IReadOnlyList<LogRun> Runs { get; }

        public long MinTimeNs => _block.MinTimeNs;

        public long MaxTimeNs => _block.MaxTimeNs;

        public bool IsDamaged => _block.IsDamaged;

        public IReadOnlyCollection<string>? MetadataNames => _block.MetadataNames;

        public bool MayContain(ReadOnlySpan<byte> text) => _block.MayContain(text);

        public bool MayHaveMetadata(string name, ReadOnlySpan<byte> value) => _block.MayHaveMetadata(name, value);

        public bool TryMinutes(in LogRun run, out ReadOnlySpan<LogMinute> minutes) => _block.TryMinutes(in _own[_places[run.First]], out minutes);

        public LogRows Read(LogColumns columns) => _block.Read(columns);

        public BorrowedRows Borrow(LogColumns columns) => _block.Borrow(columns);
    }
}
