using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Sealed;
using Pharos.Storage.Text;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Head;
using Pharos.Storage.Traces.Querying;
using Pharos.Storage.Upkeep;

namespace Pharos.Storage.Traces.Upkeep;

/// <summary>Seals heads into blocks, merges blocks, removes what is old; each step is a new manifest and a new view.</summary>
/// <remarks>Thread-safe. Lock order: sealing, merging, publishing, the store's commit lock, leaves. Sealing goes on while blocks are merged.</remarks>
internal sealed class TraceMaintenance(
    TraceStoreOptions options, IFileSystem files, TimeProvider time, StoreViews<TraceView> views,
    TraceFolder folder, TraceStoreInstruments instruments, ILogger logger)
{
    private static readonly MergePlan<TraceBlock> Plan = new()
    {
        DayOf = static block => block.Meta.Day,

        // Tables of a block are in memory while it is written.
        WeightOf = static block => block.SizeBytes,
        MaxWeight = 2L << 30,
        MaxSources = 16,
    };

    private volatile TraceStoreOptions _options = options;
    private readonly Lock _sealing = new();
    private readonly Lock _merging = new();
    private readonly ManifestPublishing<TraceBlock> _publishing = new(folder.Blocks, files, options.Directory, logger);

    /// <summary>Where the log begins that is needed at the next start.</summary>
    public long FirstSegment { get; set; } = 1;

    /// <summary>Makes a new head take the place of the newest, where that has spans.</summary>
    public required Action StartNewHead { get; init; }

    /// <summary>The latest start of a span of the store; the lowest number where there is none.</summary>
    public required Func<long> NewestNs { get; init; }

    public string WalDirectory => _publishing.WalDirectory;

    /// <summary>Puts other limits of what is kept into effect.</summary>
    public void Reconfigure(TimeSpan retentionTime, long retentionBytes) =>
        _options = _options with { RetentionTime = retentionTime, RetentionBytes = retentionBytes };

    /// <summary>Seals everything in memory.</summary>
    /// <exception cref="IOException">The disk refuses; what is not sealed stays in memory and in the log.</exception>
    public void Flush(CancellationToken cancellation)
    {
        lock (_sealing)
        {
            StartNewHead();
            SealOldHeads(cancellation);
        }
    }

    /// <summary>Seals the heads that take no more spans.</summary>
    public void SealOldHeads(CancellationToken cancellation)
    {
        lock (_sealing)
        {
            while (views.Current.Heads is { Length: > 1 } heads)
            {
                Seal(heads[0], cancellation);
            }
        }
    }

    /// <summary>Removes and merges what is due.</summary>
    public void RunMerges(CancellationToken cancellation)
    {
        lock (_merging)
        {
            RemoveReplaced();
            RemoveExpired();
            RemoveOldest();
            while (Plan.Next(views.Current.Blocks, NanosecondTime.DayOf(NewestNs())) is { Count: > 0 } due)
            {
                cancellation.ThrowIfCancellationRequested();
                Merge(due, cancellation);
            }
        }
    }

    /// <summary>Writes blocks anew as one.</summary>
    public void Merge(IReadOnlyList<TraceBlock> sources, CancellationToken cancellation)
    {
        var number = folder.Blocks.NextNumber();
        TraceBlock? made = null;
        using (var writer = folder.Create(number))
        {
            if (new TraceMerger(sources, folder).Run(writer, cancellation))
            {
                writer.Finish(number);
                made = folder.Blocks.Open(number);
                instruments.PagesCopied.Add(writer.PagesCopied);
                instruments.PagesBuilt.Add(writer.PagesBuilt);
            }
        }
        Replace(sources, made);
        instruments.Merges.Add(1);
    }

    /// <summary>Removes files that nothing needs any more: of the log, and blocks that others replaced.</summary>
    public void RemoveReplaced() => _publishing.RemoveObsolete(FirstSegment);

    /// <summary>Newest last.</summary>
    public static TraceBlock[] InOrder(TraceBlock[] blocks)
    {
        Array.Sort(blocks, static (left, right) => left.Meta.MaxStartNs.CompareTo(right.Meta.MaxStartNs) is var byTime and not 0
            ? byTime : left.Meta.Number.CompareTo(right.Meta.Number));
        return blocks;
    }

    private void Seal(TraceHead head, CancellationToken cancellation)
    {
        var blocks = new HeadSealer(head, folder).Seal(cancellation);
        try
        {
            lock (_publishing.Lock)
            {
                WriteManifest(head.EndSegment, views.Current.Blocks.Concat(blocks));
                FirstSegment = head.EndSegment;
                views.Change(now => new TraceView(now.Heads[1..], InOrder([.. now.Blocks, .. blocks])));
            }
        }
        catch
        {
            folder.Blocks.Discard(blocks);
            throw;
        }
        instruments.BlocksStored.Add(blocks.Count);
        instruments.BytesStored.Add(blocks.Sum(static block => block.SizeBytes));
        RemoveReplaced();
    }

    /// <summary>Puts a block in the place of others, or nothing.</summary>
    private void Replace(IReadOnlyList<TraceBlock> sources, TraceBlock? made)
    {
        TraceBlock[] added = made is null ? [] : [made];
        try
        {
            lock (_publishing.Lock)
            {
                WriteManifest(FirstSegment, views.Current.Blocks.Except(sources).Concat(added));
                views.Change(now => now with { Blocks = InOrder([.. now.Blocks.Except(sources), .. added]) });
                _publishing.AddObsolete(sources);
            }
        }
        catch
        {
            folder.Blocks.Discard(added);
            throw;
        }
        ISealedFile.ReleaseAll(sources);
        RemoveReplaced();
    }

    private void WriteManifest(long firstSegment, IEnumerable<TraceBlock> blocks)
    {
        new TraceManifest(firstSegment, folder.Blocks.LastNumber, [.. blocks.Select(static block => block.Meta.Number).Order()])
            .Write(files, _options.Directory);
        _publishing.Written();
    }

    private void RemoveExpired()
    {
        var fromNs = AgeOrigin.Of(NewestNs(), time.GetUtcNow()).KeptFromNs(_options.RetentionTime);
        if (Array.FindAll(views.Current.Blocks, block => block.Meta.MaxStartNs < fromNs) is { Length: > 0 } gone)
        {
            Replace(gone, null);
            instruments.TimeRetentions.Add(gone.Length);
        }
    }

    /// <summary>Removes the oldest blocks while all take too much; the newest stays.</summary>
    private void RemoveOldest()
    {
        while (_options.RetentionBytes > 0)
        {
            var blocks = views.Current.Blocks;
            if (blocks.Length <= 1 || blocks.Sum(static block => block.SizeBytes) <= _options.RetentionBytes)
            {
                return;
            }
            Replace([blocks[0]], null);
            instruments.SizeRetentions.Add(1);
        }
    }
}
