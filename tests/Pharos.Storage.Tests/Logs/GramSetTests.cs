using CsCheck;
using Pharos.Storage.Logs.Filters;

namespace Pharos.Storage.Tests.Logs;

public sealed class GramSetTests
{
    /// <summary>Some that meet at one place of the table, zero and the highest among them, and many that make it wider.</summary>
    private static readonly Gen<ulong[]> Hashes = Gen.OneOf(Gen.ULong[0, 9], Gen.ULong[0, 9].Select(static hash => hash << 20), Gen.ULong, Gen.Const(ulong.MaxValue)).Array[0, 3000];

    [Fact]
    public void Has_what_a_set_has() => Gen.Select(Hashes, Hashes).Sample((first, second) =>
    {
        var set = new GramSet();
        foreach (var hashes in (ulong[][])[first, second])
        {
            set.Clear();
            Assert.True(set.All().IsEmpty);
            foreach (var hash in hashes)
            {
                set.Add(hash);
            }
            Assert.Equal(hashes.Distinct().Order(), set.All().ToArray().Order());
            Assert.Equal(hashes.Distinct().Count(), set.Count);
        }
    }, iter: 300);
}
