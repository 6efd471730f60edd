using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;

namespace Pharos.Collection.Shipping.Files;

/// <summary>Decides what the files beside the live one are: read already, to be read on, new, or copies that do not matter.</summary>
/// <remarks>Not thread-safe. A file is known by device and inode together with what it holds; where that fails, by what it holds alone.</remarks>
internal sealed class SiblingScan(FamilyContext context)
{
    /// <summary>How long a record is kept of a file that is nowhere: a packed copy may still appear.</summary>
    private static readonly TimeSpan Missing = TimeSpan.FromHours(1);

    /// <summary>A record that was seen is written anew this often.</summary>
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(10);

    /// <summary>A packed file that does not end as it should is left alone until it is as old.</summary>
    private static readonly TimeSpan Unfinished = TimeSpan.FromMinutes(1);

    private readonly string _folder = Path.GetDirectoryName(context.Path) ?? "/";
    private readonly string _name = Path.GetFileName(context.Path);
    private bool _isNew = context.Ledger.Of(context.Key).Count == 0;

    /// <summary>Whether a file could not be judged yet.</summary>
    public bool HasUndecided { get; private set; }

    private List<TailRecord> Records => context.Ledger.Of(context.Key);

    /// <summary>The record to go on from at the file that has the path now.</summary>
    public (TailRecord Record, List<KeyValuePair<string, string>> Marks) RecordOfLive(IContent content)
    {
        var marks = new List<KeyValuePair<string, string>>();
        var status = content.Status();
        var record = Records.Find(known => IsOf(known, status));
        if (record is not null && (record.Packed != context.Job.Packed || !ContentCheck.HoldsAll(content, record)))
        {
            // Truncated while nobody looked, or the number is used again.
            marks.Add(Detach(record));
            record = null;
        }
        record ??= Records.Where(known => known.Offset > 0 && !Exists(known)).OrderByDescending(known => known.Offset)
            .FirstOrDefault(known => ContentCheck.HoldsAll(content, known));
        var offset = record?.Offset ?? Imported(status);
        record = (record ?? Fresh(content, offset)) with
        {
            Device = status.Device,
            Inode = status.Inode,
            Packed = context.Job.Packed,
            IsDone = false,
            SeenAtS = context.NowS,
        };
        marks.Add(Keep(record));
        return (record, marks);
    }

    /// <summary>Whether a file is another path's: one glob may name a file and what rotation makes of it.</summary>
    public bool IsForeign(IContent content, PackedFormat format)
    {
        var status = content.Status();
        if (!_isNew && context.IsRotated() && !Records.Exists(known => IsOf(known, status)))
        {
            return true;
        }
        return context.Ledger.OfFile(status.Device, status.Inode).Exists(record => record.Path != context.Path
            && !record.Path.StartsWith(context.Path + "#", StringComparison.Ordinal) && !context.Key.StartsWith(record.Path + "#", StringComparison.Ordinal)
            && record.Offset > 0 && record.Packed == format && ContentCheck.HoldsAll(content, record));
    }

    /// <param name="active">Files that are being read.</param>
    public ScanResult Run(IReadOnlyList<FileTail> active)
    {
        HasUndecided = false;
        var result = new ScanResult([], []);
        var siblings = Siblings();
        foreach (var (path, status) in siblings.OrderBy(static sibling => sibling.Status.ModifiedNs))
        {
            if (active.Any(tail => tail.Is(status)))
            {
                continue;
            }
            try
            {
                Judge(path, status, active, siblings, result);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Renamed or removed meanwhile: the next scan sees how it stands then.
                HasUndecided = true;
            }
            catch (InvalidDataException)
            {
                HasUndecided |= status.ModifiedNs > NowNs - Nanoseconds(Unfinished);
            }
        }
        Prune(active, siblings, result);
        _isNew = false;
        return result;
    }

    private void Judge(
        string path, in FileStatus status, IReadOnlyList<FileTail> active, List<(string Path, FileStatus Status)> siblings, ScanResult result)
    {
        var now = status;
        var known = Records.Find(record => IsOf(record, now));
        var format = ContentCheck.FormatOf(path);
        var content = ContentCheck.Open(path, format);
        var isTaken = false;
        try
        {
            if (!IsSame(content.Status(), status))
            {
                HasUndecided = true;
                return;
            }
            // A record of a file of which nothing was read tells nothing: its number may be used again.
            isTaken = known is { Offset: > 0 } && known.Packed == format && ContentCheck.HoldsAll(content, known) ? GoOn(known, status, content, result)
                : !IsForeign(content, format) && JudgeUnknown(known, status, format, content, active, siblings, result);
        }
        finally
        {
            if (!isTaken)
            {
                content.Dispose();
            }
        }
    }

    /// <summary>A file that is known: read on where it has grown or was not read to its end.</summary>
    private bool GoOn(TailRecord known, in FileStatus status, IContent content, ScanResult result)
    {
        var hasMore = !known.IsDone || (known.Packed == PackedFormat.None && status.SizeBytes > known.Offset);
        if (hasMore)
        {
            result.ToRead.Enqueue((known with { IsDone = false }, content));
        }
        else if (context.NowS - known.SeenAtS > SeenStep.TotalSeconds)
        {
            result.Marks.Add(Keep(known with { SeenAtS = context.NowS }));
        }
        return hasMore;
    }

    private bool JudgeUnknown(
        TailRecord? reused, in FileStatus status, PackedFormat format, IContent content, IReadOnlyList<FileTail> active,
        List<(string Path, FileStatus Status)> siblings, ScanResult result)
    {
        if (reused is not null)
        {
            // Other content than the record's: a file judged before may be the copy that has its rest.
            result.Marks.Add(Detach(reused));
            HasUndecided = true;
        }
        if (status.SizeBytes == 0)
        {
            return false;
        }
        var length = format == PackedFormat.None ? status.SizeBytes : ContentCheck.Length(content);
        var beginning = ContentCheck.Beginning(content);
        foreach (var record in Records.Where(static record => record.Offset > 0).OrderByDescending(static record => record.Offset))
        {
            if (length < record.Offset)
            {
                var isPart = StartsAlike(beginning, record.Head) ? IsPartOf(content, length, record, siblings) : false;
                if (isPart is not false)
                {
                    // A copy that is not whole yet, or an old one: either way all of it has been read.
                    HasUndecided |= isPart is null || status.ModifiedNs > NowNs - Nanoseconds(Unfinished);
                    return false;
                }
                continue;
            }
            if (!ContentCheck.HoldsAll(content, record))
            {
                continue;
            }
            if (IsIntact(record, active, siblings))
            {
                // A copy of a file that is there still; should that be truncated, this one has what was not read.
                HasUndecided = true;
                return false;
            }
            return Adopt(record, status, format, length, content, result);
        }
        // Of what is being read, only a file of which nothing was read yet has not been compared.
        if (active.Any(tail => tail.Record.Offset == 0 && StartsAlike(beginning, tail.Beginning())))
        {
            HasUndecided = true;
            return false;
        }
        return Begin(status, format, length, content, result);
    }

    /// <summary>A copy, packed or not, of a file that is gone: what was read of that is read of this.</summary>
    private bool Adopt(TailRecord record, in FileStatus status, PackedFormat format, long length, IContent content, ScanResult result)
    {
        var hasMore = length > record.Offset || record.Held.Count > 0;
        var adopted = record with
        {
            Device = status.Device,
            Inode = status.Inode,
            Packed = format,
            IsDone = !hasMore,
            SeenAtS = context.NowS,
        };
        result.Marks.Add(Keep(adopted));
        if (hasMore)
        {
            result.ToRead.Enqueue((adopted, content));
        }
        return hasMore;
    }

    /// <summary>A file that nobody has read a line of: all of it is new, unless it was there before this path was ever shipped.</summary>
    private bool Begin(in FileStatus status, PackedFormat format, long length, IContent content, ScanResult result)
    {
        var wasThere = _isNew && !(context.AbsentAt is { } absentAt && status.ModifiedNs > Nanoseconds(absentAt - DateTimeOffset.UnixEpoch));
        var record = Fresh(content, wasThere ? length : 0) with
        {
            Device = status.Device,
            Inode = status.Inode,
            Packed = format,
            IsDone = wasThere,
            SeenAtS = context.NowS,
        };
        result.Marks.Add(Keep(record));
        if (wasThere)
        {
            return false;
        }
        result.ToRead.Enqueue((record, content));
        return true;
    }

    /// <summary>Whether content is the beginning of a record's file; true where that is gone, null where it cannot be told now: the file was
    /// truncated since it was read, or the copy has grown since it was looked at, and so its end is not the end that was.</summary>
    private bool? IsPartOf(IContent content, long length, TailRecord record, List<(string Path, FileStatus Status)> siblings)
    {
        var path = IsLive(record) ? context.Path : siblings.Find(sibling => IsOf(record, sibling.Status)).Path;
        if (path is null)
        {
            return true;
        }
        using var whole = ContentCheck.Open(path, record.Packed);
        Span<byte> end = stackalloc byte[(int)Math.Min(TailRecord.MaxSampleBytes, length)];
        Span<byte> same = stackalloc byte[end.Length];
        if (ContentCheck.ReadFully(content, end, length - end.Length) == end.Length
            && ContentCheck.ReadFully(whole, same, length - end.Length) == end.Length && end.SequenceEqual(same))
        {
            return true;
        }
        return ContentCheck.HoldsAll(whole, record) ? false : null;
    }

    private TailRecord Fresh(IContent content, long offset)
    {
        var record = new TailRecord { Id = context.Ledger.NewId(), Path = context.Key, Offset = offset };
        if (offset == 0)
        {
            return record;
        }
        var head = ContentCheck.Beginning(content);
        var tail = new byte[Math.Min(TailRecord.MaxSampleBytes, offset)];
        ContentCheck.ReadFully(content, tail, offset - tail.Length);
        return record with
        {
            Head = ContentSample.Of(head.AsSpan(0, (int)Math.Min(head.Length, offset))),
            Tail = ContentSample.Of(tail),
        };
    }

    /// <summary>Where Promtail was, for a path that is new here; the beginning otherwise.</summary>
    private long Imported(in FileStatus status) =>
        _isNew && context.Ship.Positions.TryOffset(context.Path, out var offset) && offset <= status.SizeBytes ? offset : 0;

    /// <summary>Forgets what cannot be found again.</summary>
    private void Prune(IReadOnlyList<FileTail> active, List<(string Path, FileStatus Status)> siblings, ScanResult result)
    {
        foreach (var record in Records)
        {
            if (context.NowS - record.SeenAtS <= Missing.TotalSeconds || IsIntact(record, active, siblings) || IsLive(record))
            {
                continue;
            }
            if (!record.IsDone)
            {
                context.Ship.Metrics.RemainderLost(context.Path);
                context.Ship.Logger.LogWarning("Job {Job}: what {Path} held behind byte {Offset} was rotated away and is not found",
                    context.Job.JobName, context.Path, record.Offset);
            }
            context.Ledger.Remove(record);
            result.Marks.Add(context.Ledger.Removal(record));
        }
    }

    private List<(string Path, FileStatus Status)> Siblings()
    {
        var siblings = new List<(string Path, FileStatus Status)>();
        var seen = new HashSet<(ulong, ulong)>();
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            var name = Path.GetFileName(path);
            if (name != _name && SiblingNames.IsSibling(_name, name) && !(_isNew && context.IsTarget(path))
                && FileStatus.TryRead(path, out var status) && status.IsFile && seen.Add((status.Device, status.Inode)))
            {
                siblings.Add((path, status));
            }
        }
        return siblings;
    }

    private bool IsLive(TailRecord record) => FileStatus.TryRead(context.Path, out var live) && IsOf(record, live);

    private bool Exists(TailRecord record) => record.HasFile && Siblings().Exists(sibling => IsOf(record, sibling.Status));

    /// <summary>Whether the file that a record is of is there.</summary>
    private static bool IsIntact(TailRecord record, IReadOnlyList<FileTail> active, List<(string Path, FileStatus Status)> siblings) =>
        active.Any(tail => tail.Record.Id == record.Id) || (record.HasFile && siblings.Exists(sibling => IsOf(record, sibling.Status)));

    private static bool IsOf(TailRecord record, in FileStatus status) =>
        record.HasFile && record.Device == status.Device && record.Inode == status.Inode;

    private static bool IsSame(in FileStatus left, in FileStatus right) => left.Device == right.Device && left.Inode == right.Inode;

    private static bool StartsAlike(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var common = Math.Min(left.Length, right.Length);
        return common > 0 && left[..common].SequenceEqual(right[..common]);
    }

    private static bool StartsAlike(ReadOnlySpan<byte> beginning, ContentSample head) =>
        head.Length > 0 && beginning.Length >= head.Length && ContentSample.Of(beginning[..head.Length]) == head;

    /// <summary>The record is of no file any more: a copy may hold the rest. Of one of which nothing was read there is nothing to keep.</summary>
    private KeyValuePair<string, string> Detach(TailRecord record)
    {
        if (record.Offset > 0)
        {
            return Keep(record.WithoutFile() with { IsDone = false });
        }
        context.Ledger.Remove(record);
        return context.Ledger.Removal(record);
    }

    private KeyValuePair<string, string> Keep(TailRecord record)
    {
        context.Ledger.Put(record);
        return context.Ledger.Mark(record);
    }

    private long NowNs => Nanoseconds(context.Ship.Time.GetUtcNow() - DateTimeOffset.UnixEpoch);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
