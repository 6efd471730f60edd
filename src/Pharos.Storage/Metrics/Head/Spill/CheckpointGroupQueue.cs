using Pharos.Storage.Encoding;

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>Groups of a checkpoint that other threads unpack while the ones before them are taken over, in the order of the file.</summary>
internal sealed class CheckpointGroupQueue
{
    /// <summary>What may wait, in groups: enough for every core, little enough to keep.</summary>
    public const int MaxAhead = 8;

    private readonly Queue<Task<CheckpointGroup>> _groups = new();

    public int Count => _groups.Count;

    public void Add(ReadOnlySpan<byte> payload, string path, long offset)
    {
        var record = payload.ToArray();
        _groups.Enqueue(Task.Run(() =>
        {
            var reader = new ByteReader(record, path, offset) { Position = 1 };
            return CheckpointGroup.Read(ref reader);
        }));
    }

    /// <exception cref="Files.CorruptFileException">The group makes no sense; those behind it can be taken.</exception>
    public CheckpointGroup Take() => _groups.Dequeue().GetAwaiter().GetResult();
}
