namespace Pharos.Query.PromQL.Kernels;

/// <summary>Room that kernels reuse from series to series. Belongs to one shard.</summary>
internal sealed class KernelScratch
{
    private double[] _first = [];
    private double[] _second = [];
    private int[] _places = [];

    /// <summary>Forgets what stood in it.</summary>
    public Span<double> First(int count) => Room(ref _first, count);

    /// <inheritdoc cref="First"/>
    public Span<double> Second(int count) => Room(ref _second, count);

    /// <inheritdoc cref="First"/>
    public Span<int> Places(int count) => Room(ref _places, count);

    private static Span<T> Room<T>(ref T[] room, int count)
    {
        if (room.Length < count)
        {
            room = new T[Math.Max(count, room.Length * 2)];
        }
        return room.AsSpan(0, count);
    }
}
