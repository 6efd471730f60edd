using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Head.Memory;

namespace Pharos.Storage.Tests.Metrics.Head;

public sealed class ByteSlabTests
{
    /// <summary>Mostly sizes of the classes, some that are larger than any.</summary>
    private static readonly Gen<(int What, int Size, int Which)> Step =
        Gen.Select(Gen.Int[0, 4], Gen.OneOf(Gen.Int[0, 300], Gen.Int[2000, 3072], Gen.Int[3073, 5000]), Gen.Int[0, 1_000_000]);

    [Fact]
    public void Cells_keep_what_their_owner_wrote_whatever_others_do() => Step.Array[0, 400].Sample(steps =>
    {
        var slab = new ByteSlab();
        var owned = new List<(uint Place, byte[] Bytes)>();
        foreach (var (what, size, which) in steps)
        {
            var at = owned.Count == 0 ? 0 : which % owned.Count;
            if (what == 0 && owned.Count > 0)
            {
                slab.Free(owned[at].Place);
                owned.RemoveAt(at);
            }
            else if (what == 1 && owned.Count > 0)
            {
                var bytes = owned[at].Bytes;
                var place = slab.Grow(owned[at].Place, Math.Max(size, slab[owned[at].Place].Length));
                Assert.Equal(bytes, slab[place][..bytes.Length].ToArray());
                owned[at] = (place, bytes);
            }
            else
            {
                var place = slab.Allocate(size);
                Assert.NotEqual(ByteSlab.None, place);
                Assert.True(slab[place].Length >= size);
                var bytes = Enumerable.Range(0, size).Select(i => (byte)(i * which)).ToArray();
                bytes.CopyTo(slab[place]);
                owned.Add((place, bytes));
            }
        }
        Assert.Equal(owned.Count, owned.Select(cell => cell.Place).Distinct().Count());
        foreach (var (place, bytes) in owned)
        {
            Assert.Equal(bytes, slab[place][..bytes.Length].ToArray());
            slab.Free(place);
        }
        Assert.Equal(0, slab.SizeBytes);
    });

    [Fact]
    public void What_one_size_leaves_serves_another()
    {
        var slab = new ByteSlab();
        var places = Enumerable.Range(0, 100_000).Select(_ => slab.Allocate(16)).ToArray();
        foreach (var size in new[] { 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256 })
        {
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = slab.Grow(places[i], size);
            }
        }
        Assert.InRange(slab.SizeBytes, 100_000 * 256L, 100_000 * 256L * 11 / 10);
    }

    [Fact]
    public void A_segment_of_chunks_is_given_back_when_all_of_its_chunks_are_released()
    {
        var arena = new ChunkArena();
        var bytes = Enumerable.Range(0, 5000).Select(i => (byte)i).ToArray();
        var places = Enumerable.Range(0, 3000).Select(i => arena.Append(ChunkKind.Vector, 1 + i, i, i + 5, bytes.AsSpan(0, i + 1))).ToArray();
        var all = arena.SizeBytes;
        for (var i = 0; i < places.Length; i++)
        {
            Assert.Equal((ChunkKind.Vector, 1 + i, i, i + 5L), (places[i].Kind, places[i].Count, places[i].MinTimeMs, places[i].MaxTimeMs));
            Assert.Equal(bytes[..(i + 1)], Read(arena, places[i]));
        }
        foreach (var place in places)
        {
            arena.Release(place);
        }
        Assert.Null(Read(arena, places[0]));
        Assert.InRange(arena.SizeBytes, 0, all / 4);
        var next = arena.Append(ChunkKind.Xor, 1, 1, 1, bytes);
        Assert.Equal(bytes, Read(arena, next));
    }

    private static byte[]? Read(ChunkArena arena, ChunkPlace place) =>
        arena.TryCopy(place, new byte[ChunkArena.RoomFor(place)], out var bytes) ? bytes.ToArray() : null;
}
