using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;

namespace Pharos.Collection.Shipping.Files;

/// <summary>The file of one path, and those that had this path before: renamed, copied or packed by rotation. Every line of them is shipped
/// once.</summary>
/// <remarks>One loop owns it. What was read is known by the records of the ledger, which are kept with the lines themselves: after any end
/// of the process the family finds its files again and goes on where they say (docs/decisions/0016-shipping.md).</remarks>
internal sealed class FileFamily(FamilyContext context) : IDisposable
{
    /// <summary>A file that has no name of a target any more is closed after this time without growth: its writer may not have noticed.</summary>
    private static readonly TimeSpan DrainQuiet = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DeletedQuiet = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ScanInterval = TimeSpan.FromSeconds(30);

    /// <summary>Where something could not be decided yet, such as a copy that is being made.</summary>
    private static readonly TimeSpan UndecidedInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ErrorWait = TimeSpan.FromSeconds(1);

    private readonly List<FileTail> _draining = [];
    private readonly string _folder = Path.GetDirectoryName(context.Path) ?? "/";
    private FileTail? _live;
    private SiblingScan? _scan;
    private FileStatus _foreign;
    private long _folderModifiedNs;
    private long _scannedAt;
    private bool _scanDue = true;
    private bool _complained;
    private volatile FileProgress _progress = FileProgress.None;

    public FamilyContext Context => context;

    /// <summary>Whether there is any file that it reads; for others to look at, as it was a moment ago.</summary>
    public bool HasFiles { get; private set; } = true;

    /// <summary>Of the file that has the path now; for others to look at, as <see cref="HasFiles"/> is.</summary>
    public FileProgress Progress => _progress;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (!await StepAsync(cancellation).ConfigureAwait(false))
                {
                    await Task.Delay(context.Ship.Options.PollPeriod, context.Ship.Time, cancellation).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                Complain(e);
                await RestartAsync(cancellation).ConfigureAwait(false);
            }
        }
        Dispose();
    }

    /// <summary>Looks at everything once.</summary>
    /// <returns>Whether there was anything to do, so that there may be more.</returns>
    public async ValueTask<bool> StepAsync(CancellationToken cancellation)
    {
        _scan ??= new SiblingScan(context);
        await FollowPathAsync(cancellation).ConfigureAwait(false);
        if (IsScanDue())
        {
            await ScanAsync(cancellation).ConfigureAwait(false);
        }
        var progressed = false;
        foreach (var tail in _draining.ToArray())
        {
            progressed |= await StepAsync(tail, cancellation).ConfigureAwait(false);
        }
        if (_live is not null)
        {
            progressed |= await StepAsync(_live, cancellation).ConfigureAwait(false);
        }
        HasFiles = _live is not null || _draining.Count > 0;
        Report();
        return progressed;
    }

    public void Dispose()
    {
        foreach (var tail in _draining)
        {
            tail.Dispose();
        }
        _draining.Clear();
        _live?.Dispose();
        _live = null;
    }

    private void Report()
    {
        var (offset, size) = _live is null ? (0, 0) : (_live.Record.Offset, _live.Status.SizeBytes);
        if (_progress.OffsetBytes != offset || _progress.SizeBytes != size || _progress.Fault.Length > 0)
        {
            _progress = new FileProgress(offset, size, "");
        }
    }

    private async ValueTask<bool> StepAsync(FileTail tail, CancellationToken cancellation)
    {
        switch (await tail.ReadAsync(cancellation).ConfigureAwait(false))
        {
            case TailOutcome.Progress:
                if (ReferenceEquals(tail, _live))
                {
                    context.Ship.Positions.Set(context.Path, context.Sink.Name, tail.Record.Offset);
                }
                return true;
            case TailOutcome.Replaced:
                await ReplacedAsync(tail, cancellation).ConfigureAwait(false);
                return true;
        }
        if (!ReferenceEquals(tail, _live) && tail.Quiet > (tail.Status.Links == 0 ? DeletedQuiet : DrainQuiet))
        {
            await tail.FinishAsync(isDone: true, cancellation).ConfigureAwait(false);
            _draining.Remove(tail);
            tail.Dispose();
        }
        return false;
    }

    /// <summary>Sees to it that the file that has the path now is the live one.</summary>
    private async ValueTask FollowPathAsync(CancellationToken cancellation)
    {
        if (!FileStatus.TryRead(context.Path, out var status) || !status.IsFile)
        {
            Retire();
            return;
        }
        if ((_live is not null && _live.Is(status)) || (_foreign.Inode == status.Inode && _foreign.Device == status.Device && _foreign.Inode != 0))
        {
            return;
        }
        _foreign = default;
        if (context.Job.Packed != PackedFormat.None && context.Job.PackedDelay > TimeSpan.Zero
            && status.ModifiedNs / 1_000_000 > (context.Ship.Time.GetUtcNow() - context.Job.PackedDelay).ToUnixTimeMilliseconds())
        {
            // It may not be whole yet.
            return;
        }
        Retire();
        var back = _draining.Find(tail => tail.Is(status));
        if (back is not null)
        {
            _draining.Remove(back);
            _live = back;
            return;
        }
        await AttachAsync(cancellation).ConfigureAwait(false);
    }

    private void Retire()
    {
        if (_live is not null)
        {
            _draining.Add(_live);
            _live = null;
            _scanDue = true;
        }
    }

    private async ValueTask AttachAsync(CancellationToken cancellation)
    {
        IContent content;
        try
        {
            content = ContentCheck.Open(context.Path, context.Job.Packed);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return;
        }
        try
        {
            if (_scan!.IsForeign(content, context.Job.Packed))
            {
                // It was rotated to this path, and is read by the family of the path that it had before.
                _foreign = content.Status();
                content.Dispose();
                return;
            }
            var (record, marks) = _scan.RecordOfLive(content);
            await KeepAsync(marks, cancellation).ConfigureAwait(false);
            _live = FileTail.TryOpen(record, content, context);
            if (_live is null)
            {
                content.Dispose();
                await LoseFileAsync(record, cancellation).ConfigureAwait(false);
                return;
            }
            context.Ship.Positions.Set(context.Path, context.Sink.Name, record.Offset);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private bool IsScanDue()
    {
        var modified = FileStatus.TryRead(_folder, out var folder) ? folder.ModifiedNs : 0;
        var elapsed = context.Ship.Time.GetElapsedTime(_scannedAt);
        if (_scanDue || elapsed >= ScanInterval || ((modified != _folderModifiedNs || _scan!.HasUndecided) && elapsed >= UndecidedInterval))
        {
            _folderModifiedNs = modified;
            return true;
        }
        return false;
    }

    /// <summary>Looks for files that had the path before and are not read to their end.</summary>
    private async ValueTask ScanAsync(CancellationToken cancellation)
    {
        _scanDue = false;
        _scannedAt = context.Ship.Time.GetTimestamp();
        List<FileTail> active = _live is null ? [.. _draining] : [.. _draining, _live];
        var found = _scan!.Run(active);
        try
        {
            await KeepAsync(found.Marks, cancellation).ConfigureAwait(false);
            while (found.ToRead.Count > 0)
            {
                var (record, content) = found.ToRead.Dequeue();
                if (OpenOrDispose(record, content) is { } tail)
                {
                    _draining.Add(tail);
                }
                else
                {
                    await LoseFileAsync(record, cancellation).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            foreach (var (_, content) in found.ToRead)
            {
                content.Dispose();
            }
        }
    }

    private FileTail? OpenOrDispose(TailRecord record, IContent content)
    {
        FileTail? tail = null;
        try
        {
            return tail = FileTail.TryOpen(record, content, context);
        }
        finally
        {
            if (tail is null)
            {
                content.Dispose();
            }
        }
    }

    /// <summary>The file holds other content than was read: it was truncated. What was not read before is in a copy, if anywhere.</summary>
    private async ValueTask ReplacedAsync(FileTail tail, CancellationToken cancellation)
    {
        await tail.FinishAsync(isDone: false, cancellation).ConfigureAwait(false);
        if (ReferenceEquals(tail, _live))
        {
            _live = null;
        }
        else
        {
            _draining.Remove(tail);
        }
        tail.Dispose();
        await LoseFileAsync(tail.Record, cancellation).ConfigureAwait(false);
    }

    /// <summary>A record's file holds something else now: a copy may have what was not read of it.</summary>
    private async ValueTask LoseFileAsync(TailRecord record, CancellationToken cancellation)
    {
        var lost = record.WithoutFile() with { IsDone = false };
        context.Ledger.Put(lost);
        await KeepAsync([context.Ledger.Mark(lost)], cancellation).ConfigureAwait(false);
        _scanDue = true;
    }

    private async ValueTask KeepAsync(IReadOnlyList<KeyValuePair<string, string>> marks, CancellationToken cancellation)
    {
        if (marks.Count > 0)
        {
            await context.Sink.DeliverAsync(new ShipBatch([], marks), cancellation).ConfigureAwait(false);
        }
    }

    private async Task RestartAsync(CancellationToken cancellation)
    {
        Dispose();
        _scanDue = true;
        try
        {
            await Task.Delay(ErrorWait, context.Ship.Time, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    private void Complain(Exception e)
    {
        _progress = _progress with { Fault = e.Message };
        if (!_complained)
        {
            _complained = true;
            context.Ship.Logger.LogError(e, "Job {Job}: {Path} cannot be read; it is tried again", context.Job.JobName, context.Path);
        }
    }
}
