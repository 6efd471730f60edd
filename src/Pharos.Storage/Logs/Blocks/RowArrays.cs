using System.Buffers;
using System.Runtime.InteropServices;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Where the arrays of a block's decoded columns come from: arrays of their own, or some of the shared pool, which go back together.</summary>
/// <remarks>Not thread-safe. A block's lines are a large object: without the pool each query pays for fresh pages and for their collection.</remarks>
internal sealed class RowArrays : IDisposable
{
    private const byte Poison = 0xDB;

    private readonly bool _isPooled;
    private readonly bool _poisons;
    private readonly List<byte[]> _bytes = [];
    private readonly List<int[]> _numbers = [];
    private readonly List<long[]> _times = [];

    private RowArrays(bool isPooled, bool poisons) => (_isPooled, _poisons) = (isPooled, poisons);

    /// <summary>Arrays for rows that are good for as long as somebody holds them; disposing does nothing.</summary>
    public static RowArrays Own() => new(isPooled: false, poisons: false);

    /// <param name="poisons">Whether arrays are overwritten before they go back, so that tests see who still reads them.</param>
    public static RowArrays Pooled(bool poisons) => new(isPooled: true, poisons);

    public Memory<byte> Bytes(int length) => Take(_bytes, length);

    public Memory<int> Numbers(int length) => Take(_numbers, length);

    public Memory<long> Times(int length) => Take(_times, length);

    /// <summary>Gives back what came from the pool.</summary>
    public void Dispose()
    {
        GiveBack(_bytes);
        GiveBack(_numbers);
        GiveBack(_times);
    }

    private Memory<T> Take<T>(List<T[]> taken, int length)
    {
        if (length == 0)
        {
            return default;
        }
        if (!_isPooled)
        {
            return GC.AllocateUninitializedArray<T>(length);
        }
        var array = ArrayPool<T>.Shared.Rent(length);
        taken.Add(array);
        return array.AsMemory(0, length);
    }

    private void GiveBack<T>(List<T[]> taken)
        where T : struct
    {
        foreach (var array in taken)
        {
            if (_poisons)
            {
                MemoryMarshal.AsBytes(array.AsSpan()).Fill(Poison);
            }
            ArrayPool<T>.Shared.Return(array);
        }
        taken.Clear();
    }
}
