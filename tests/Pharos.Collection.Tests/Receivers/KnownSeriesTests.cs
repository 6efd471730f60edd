using CsCheck;
using Pharos.Collection.Hashing;
using Pharos.Collection.Receivers.RemoteWrite;

namespace Pharos.Collection.Tests.Receivers;

public sealed class KnownSeriesTests
{
    private static readonly TextHasher Hasher = new();

    [Fact]
    public void What_was_remembered_last_is_found() => Gen.Select(Gen.Int[0, 3000], Gen.ULong[1, 9]).Array[0, 4000].Sample(entries =>
    {
        var known = new KnownSeries();
        var expected = new Dictionary<int, ulong>();
        foreach (var (labels, reference) in entries)
        {
            Assert.Equal(expected.GetValueOrDefault(labels), Find(known, labels));
            known.Remember([new(Hasher.HashOf(BitConverter.GetBytes(labels)), reference)]);
            expected[labels] = reference;
        }
        Assert.All(expected, entry => Assert.Equal(entry.Value, Find(known, entry.Key)));
    }, iter: 50);

    [Fact]
    public void In_whatever_order_series_come_each_is_found() => Gen.Int[0, 40].Array[1, 200].Sample(order =>
    {
        var known = new KnownSeries();
        known.Remember([.. Enumerable.Range(0, 30).Select(i => KeyValuePair.Create(Hasher.HashOf(BitConverter.GetBytes(i)), (ulong)i + 1))]);
        var next = -1;
        foreach (var i in order)
        {
            Assert.Equal(i < 30 ? (ulong)i + 1 : 0, known.Find(Hasher.HashOf(BitConverter.GetBytes(i)), ref next));
        }
    });

    [Fact]
    public async Task Who_looks_up_while_others_add_finds_what_was_added_before()
    {
        var known = new KnownSeries();
        var added = 0;
        var adding = Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                known.Remember([new(Hasher.HashOf(BitConverter.GetBytes(i)), (ulong)i + 1)]);
                Volatile.Write(ref added, i + 1);
            }
        }, TestContext.Current.CancellationToken);
        var random = new Random(1);
        while (Volatile.Read(ref added) is var count and < 50_000)
        {
            var i = count == 0 ? -1 : random.Next(count);
            Assert.Equal((ulong)(i + 1), Find(known, i));
        }
        await adding;
    }

    private static ulong Find(KnownSeries known, int labels)
    {
        var expected = labels * 7;
        return known.Find(Hasher.HashOf(BitConverter.GetBytes(labels)), ref expected);
    }
}
