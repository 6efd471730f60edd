using CsCheck;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Tests.Metrics;

public sealed class SampleOrderTests
{
    [Fact]
    public void Samples_of_overlapping_blocks_come_in_order_and_the_last_added_of_a_time_stays() =>
        Gen.Long[0, 30].Array[0, 40].Sample(times =>
        {
            var samples = new SampleBuffer();
            samples.Add(99, -1);
            var expected = new SortedDictionary<long, double>();
            for (var i = 0; i < times.Length; i++)
            {
                samples.Add(times[i], i);
                expected[times[i]] = i;
            }
            SampleOrder.Restore(samples, 1);
            Assert.Equal(expected.Keys.Prepend(99), samples.Timestamps.ToArray());
            Assert.Equal(expected.Values.Prepend(-1), samples.Values.ToArray());
        });
}
