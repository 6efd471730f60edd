using CsCheck;
using Pharos.Collection.Receivers.RemoteWrite;

namespace Pharos.Collection.Tests.Receivers;

public sealed class KnownSeriesTests
{
    [Fact]
    public void What_was_remembered_last_is_found() => Gen.Select(Gen.Int[0, 3000], Gen.ULong[1, 9]).Array[0, 4000].Sample(entries =>
    {
        var known = new KnownSeries();
        var expected = new Dictionary<int, ulong>();
        foreach (var (labels, reference) in entries)
        {
            Assert.Equal(expected.GetValueOrDefault(labels), known.Find(known.HashOf(BitConverter.GetBytes(labels))));
            known.Remember(known.HashOf(BitConverter.GetBytes(labels)), reference);
            expected[labels] = reference;
        }
        Assert.All(expected, entry => Assert.Equal(entry.Value, known.Find(known.HashOf(BitConverter.GetBytes(entry.Key)))));
    }, iter: 50);
}
