using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>Many small byte arrays in a few large ones: cells of some sizes, each size in runs of its own.</summary>
/// <remarks>Whoever allocates and frees does so one at a time. The owner of a cell may read and write it meanwhile: cells never
/// move. A run without a used cell is given back, so that what one size leaves serves another.</remarks>
internal sealed class ByteSlab
{
    /// <summary>A place that is none.</summary>
    public const uint None = 0;

    private const int RunBytes = 128 * 1024;

    /// <summary>The size of the first runs, so that a store of a few series stays small.</summary>
    private const int SmallRunBytes = 4 * 1024;
    private const int Step = 16;

    /// <summary>The low bits of a place number the cell in its run: as many as the smallest cells need.</summary>
    private const int CellBits = 13;

    /// <summary>Runs that are kept for the next size; beyond, the collector has them.</summary>
    private const int MaxSpare = 16;

    private static readonly int[] Sizes =
        [16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048, 2560, 3072];
    private static readonly byte[] ClassBySteps = ClassesBySteps();

    private readonly List<Run>[] _open = new List<Run>[Sizes.Length];
    private readonly Stack<byte[]> _spare = new();
    private readonly Stack<int> _freeNumbers = new();

    /// <summary>By number; the first is never used, so that no place is <see cref="None"/>.</summary>
    private volatile Run?[] _runs = new Run?[4];
    private int _runCount = 1;

    public ByteSlab()
    {
        for (var i = 0; i < _open.Length; i++)
        {
            _open[i] = [];
        }
    }

    /// <summary>What all runs take.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>The bytes of a cell, at least as many as were asked for.</summary>
    public Span<byte> this[uint place]
    {
        get
        {
            var run = _runs[place >> CellBits]!;
            return new Span<byte>(run.Bytes, (int)(place & ((1 << CellBits) - 1)) * run.CellBytes, run.CellBytes);
        }
    }

    /// <summary>Where a cell is at the moment, for a hint to the processor and nothing else; null for <see cref="None"/> and for what is no
    /// place of a cell.</summary>
    public unsafe void* AddressOf(uint place)
    {
        var runs = _runs;
        var number = place >> CellBits;
        if (number >= (uint)runs.Length || runs[number] is not { } run)
        {
            return null;
        }
        return Unsafe.AsPointer(
            ref Unsafe.Add(
                ref MemoryMarshal.GetArrayDataReference(run.Bytes), (nint)(place & ((1 << CellBits) - 1)) * run.CellBytes));
    }

    /// <summary>A cell of at least so many bytes, which hold anything.</summary>
    public uint Allocate(int sizeBytes)
    {
        if (sizeBytes > Sizes[^1])
        {
            var alone = AddRun(new byte[(sizeBytes + Step - 1) / Step * Step], cellClass: -1);
            alone.Used = 1;
            return (uint)alone.Number << CellBits;
        }
        var cellClass = ClassBySteps[(sizeBytes + Step - 1) / Step];
        var open = _open[cellClass];
        if (open.Count == 0)
        {
            AddOpen(AddRun(RunOfBytes(), cellClass));
        }
        var run = open[^1];
        var cell = run.Take();
        if (run.IsFull)
        {
            RemoveOpen(run);
        }
        return ((uint)run.Number << CellBits) | (uint)cell;
    }

    public void Free(uint place)
    {
        var run = _runs[place >> CellBits]!;
        if (run.Class < 0)
        {
            RemoveRun(run);
            return;
        }
        if (run.IsFull)
        {
            AddOpen(run);
        }
        run.Give((int)(place & ((1 << CellBits) - 1)));
        if (run.Used == 0)
        {
            RemoveOpen(run);
            RemoveRun(run);
        }
    }

    /// <summary>Moves what is in a cell into one that has room for so many bytes, and answers its place.</summary>
    public uint Grow(uint place, int sizeBytes)
    {
        var bigger = Allocate(sizeBytes);
        this[place].CopyTo(this[bigger]);
        Free(place);
        return bigger;
    }

    private static byte[] ClassesBySteps()
    {
        var classes = new byte[(Sizes[^1] / Step) + 1];
        for (var i = 1; i < classes.Length; i++)
        {
            classes[i] = (byte)Array.FindIndex(Sizes, size => size >= i * Step);
        }
        return classes;
    }

    private byte[] RunOfBytes() => SizeBytes < RunBytes ? new byte[SmallRunBytes]
        : _spare.TryPop(out var spare) ? spare : GC.AllocateUninitializedArray<byte>(RunBytes);

    private Run AddRun(byte[] bytes, int cellClass)
    {
        if (!_freeNumbers.TryPop(out var number))
        {
            number = _runCount++;
        }
        var runs = _runs;
        if (number == runs.Length)
        {
            Array.Resize(ref runs, runs.Length * 2);
        }
        var run = new Run(bytes, number, cellClass, cellClass < 0 ? bytes.Length : Sizes[cellClass]);
        runs[number] = run;
        _runs = runs;
        SizeBytes += bytes.Length;
        return run;
    }

    private void RemoveRun(Run run)
    {
        _runs[run.Number] = null;
        _freeNumbers.Push(run.Number);
        SizeBytes -= run.Bytes.Length;
        if (run.Bytes.Length == RunBytes && run.Class >= 0 && _spare.Count < MaxSpare)
        {
            _spare.Push(run.Bytes);
        }
    }

    private void AddOpen(Run run)
    {
        var open = _open[run.Class];
        run.OpenAt = open.Count;
        open.Add(run);
    }

    private void RemoveOpen(Run run)
    {
        var open = _open[run.Class];
        var last = open[^1];
        open[run.OpenAt] = last;
        last.OpenAt = run.OpenAt;
        open.RemoveAt(open.Count - 1);
    }

    /// <summary>Cells of one size; the free ones are a list through their first bytes.</summary>
    private sealed class Run(byte[] bytes, int number, int cellClass, int cellBytes)
    {
        private readonly int _cellCount = bytes.Length / cellBytes;
        private int _fresh;
        private int _firstFree = -1;

        public byte[] Bytes { get; } = bytes;

        public int Number { get; } = number;

        /// <summary>Negative for a run of one cell, which is larger than any class.</summary>
        public int Class { get; } = cellClass;

        public int CellBytes { get; } = cellBytes;

        public int Used { get; set; }

        /// <summary>Where it stands among the runs of its class that have room.</summary>
        public int OpenAt { get; set; }

        public bool IsFull => Used == _cellCount;

        public int Take()
        {
            Used++;
            if (_firstFree < 0)
            {
                return _fresh++;
            }
            var cell = _firstFree;
            _firstFree = NextOf(cell);
            return cell;
        }

        public void Give(int cell)
        {
            NextOf(cell) = _firstFree;
            _firstFree = cell;
            Used--;
        }

        private ref int NextOf(int cell) => ref MemoryMarshal.AsRef<int>(Bytes.AsSpan(cell * CellBytes));
    }
}
