using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>The folder of the head's chunk files: full chunks that memory need not hold.</summary>
/// <remarks>Thread-safe. A file is written once, whole, and never changed; which of them count, and how far, a checkpoint says. What it
/// does not name was written after it: the log makes those chunks again.</remarks>
internal sealed class ChunkFiles(IFileSystem files, string directory, MetricStoreInstruments instruments, ILogger logger)
{
    /// <summary>Each damaged place is reported once; beyond this many only the counter tells.</summary>
    private const int MaxReported = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<(uint File, int Offset)> _reported = [];

    /// <summary>Writes a file, durably.</summary>
    /// <param name="contents">Header and chunks, each behind its checksum.</param>
    public void Write(uint number, ReadOnlySpan<byte> contents)
    {
        var path = PathOf(number);
        try
        {
            using var file = files.Create(path);
            file.Append(contents);
            file.Sync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Delete(number);
            throw exception as IOException ?? new IOException(exception.Message, exception);
        }
    }

    /// <summary>Makes the names of files that were written durable.</summary>
    public void SyncNames() => files.SyncDirectory(directory);

    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    public IReadFile Open(uint number) => files.OpenMapped(PathOf(number));

    /// <summary>Opens a file that an earlier process wrote. One whose header is not as written is named; its chunks have checksums of
    /// their own, and serve.</summary>
    /// <param name="isDamaged">Whether the header is not as written.</param>
    /// <exception cref="IOException">The file is not there, cannot be read, or is shorter than its header.</exception>
    public IReadFile OpenFound(uint number, out bool isDamaged)
    {
        var file = Open(number);
        try
        {
            Span<byte> header = stackalloc byte[ChunkFileFormat.HeaderBytes];
            Span<byte> expected = stackalloc byte[ChunkFileFormat.HeaderBytes];
            ChunkFileFormat.WriteHeader(expected);
            file.Read(0, header);
            isDamaged = !header.SequenceEqual(expected);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        if (isDamaged && IsNews(number, 0))
        {
            logger.LogError("Metric head: the header at byte 0 of {Path} is damaged; the chunks in it serve by their own checksums", PathOf(number));
        }
        return file;
    }

    public IReadOnlyList<uint> Numbers() => [.. NumbersOf("")];

    /// <summary>The highest number that a file has or, set aside, had.</summary>
    public uint LastNumber() => Math.Max(LastOf(""), LastOf(ChunkFileFormat.QuarantineSuffix));

    public long SizeBytes() => files.Files(directory).Sum(name => files.Size(Path.Combine(directory, name)));

    /// <summary>Removes a file that nothing names any more; one in which damage was found is kept aside.</summary>
    public void Remove(uint number)
    {
        bool isDamaged;
        lock (_lock)
        {
            isDamaged = _reported.Any(place => place.File == number);
        }
        if (isDamaged)
        {
            Quarantine(number);
        }
        else
        {
            Delete(number);
        }
    }

    /// <summary>Counts a chunk whose bytes are not what was written, and names it the first time.</summary>
    public void Damaged(uint number, int offset)
    {
        instruments.DamagedChunks.Add(1);
        if (IsNews(number, offset))
        {
            logger.LogError("Metric head: the chunk at byte {Offset} of {Path} is damaged (wrong checksum); its samples are left out, "
                + "all others serve", offset, PathOf(number));
        }
    }

    public void Unreadable(uint number, Exception exception)
    {
        instruments.DamagedChunks.Add(1);
        if (IsNews(number, -1))
        {
            logger.LogError(exception, "Metric head: {Path} cannot be read; the samples in it are left out, all others serve", PathOf(number));
        }
    }

    private IEnumerable<uint> NumbersOf(string suffix)
    {
        foreach (var name in files.Files(directory))
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal) && ChunkFileFormat.TryParse(name[..^suffix.Length], out var number))
            {
                yield return number;
            }
        }
    }

    private uint LastOf(string suffix)
    {
        var last = 0u;
        foreach (var number in NumbersOf(suffix))
        {
            last = Math.Max(last, number);
        }
        return last;
    }

    private bool IsNews(uint number, int offset)
    {
        lock (_lock)
        {
            return _reported.Count < MaxReported && _reported.Add((number, offset));
        }
    }

    private void Quarantine(uint number)
    {
        var aside = PathOf(number) + ChunkFileFormat.QuarantineSuffix;
        try
        {
            files.Rename(PathOf(number), aside);
            logger.LogWarning("Metric head: damaged file {Path} is not used any more; it was renamed to {Aside}", PathOf(number), aside);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(exception, "Metric head: damaged file {Path} cannot be renamed", PathOf(number));
        }
    }

    private void Delete(uint number)
    {
        try
        {
            files.Delete(PathOf(number));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogDebug(exception, "Metric head: {Path} cannot be removed; the next start tries again", PathOf(number));
        }
    }

    private string PathOf(uint number) => Path.Combine(directory, ChunkFileFormat.FileName(number));
}
