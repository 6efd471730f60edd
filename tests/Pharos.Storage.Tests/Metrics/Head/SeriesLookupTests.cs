using CsCheck;
using Pharos.Storage.Metrics.Head.Memory;

namespace Pharos.Storage.Tests.Metrics.Head;

public sealed class SeriesLookupTests
{
    /// <summary>Few hashes that differ in few bits, so that most places are taken by another.</summary>
    [Fact]
    public void A_hash_names_the_slots_that_were_added_and_not_removed() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 12], Gen.Int[0, 1000]).Array[0, 500].Sample(steps =>
        {
            var lookup = new SeriesLookup();
            var twin = new List<(int Hash, int Slot)>();
            foreach (var (what, hash, slot) in steps)
            {
                if (what == 0 && twin.Count > 0)
                {
                    var (gone, goneSlot) = twin[slot % twin.Count];
                    lookup.Remove(gone, goneSlot);
                    twin.Remove((gone, goneSlot));
                }
                else if (!twin.Exists(entry => entry.Slot == slot))
                {
                    lookup.Add((hash * 31) - 5, slot);
                    twin.Add(((hash * 31) - 5, slot));
                }
            }
            for (var hash = 0; hash <= 12; hash++)
            {
                var wanted = (hash * 31) - 5;
                var found = new List<int>();
                var place = -1;
                while (lookup.Next(wanted, ref place) is var slot and >= 0)
                {
                    found.Add(slot);
                }
                Assert.Equal(twin.Where(entry => entry.Hash == wanted).Select(entry => entry.Slot).Order(), found.Order());
            }
        });
}
