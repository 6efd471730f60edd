using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Any sequence of appends in and out of order, of backfilling, deletion, cleaning, upkeep and restarts leaves the store
/// as its plain twin.</summary>
public sealed class MetricStoreChaosModelTests
{
    private const int SeriesCount = 5;

    private static readonly Gen<(int Kind, int Series, int Back, double Value)> Operation =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, SeriesCount - 1], Gen.Int[1, 60], Gen.Int[0, 50].Select(i => (double)i));

    [Fact]
    public void The_store_answers_as_a_dictionary_does() => Operation.Array[1, 150].Sample(operations =>
    {
        using var directory = new TemporaryDirectory();
        using var run = new ChaosRun(directory.Path);
        foreach (var (kind, series, back, value) in operations)
        {
            run.Do(kind, series, back, value);
        }
        run.Compare();
    }, iter: 40, threads: 2);

    private sealed class ChaosRun : IDisposable
    {
        private readonly MetricStoreOptions _options;
        private readonly NaiveStore _model = new();
        private readonly HashSet<(int Series, long Minute)> _used = [];
        private MetricStore _store;
        private long _minute = 100;

        public ChaosRun(string directory)
        {
            _options = Some.Options(directory) with
            {
                BlockDuration = TimeSpan.FromMinutes(20),
                OutOfOrderWindow = TimeSpan.FromMinutes(60),
                WalSegmentBytes = 2000,
            };
            _store = Some.Open(_options);
        }

        public void Do(int kind, int series, int back, double value)
        {
            switch (kind)
            {
                case < 4:
                    Restart();
                    break;
                case < 12:
                    _store.RunMaintenance();
                    break;
                case < 14:
                    _store.CleanTombstones(CancellationToken.None);
                    break;
                case < 20:
                    Delete(series, _minute - back, _minute - (back / 2));
                    break;
                case < 24:
                    Backfill(series, _minute - (back * 3), value);
                    break;
                case < 50:
                    Append(series, _minute - back, value);
                    break;
                default:
                    _minute += 1 + (back / 10);
                    Append(series, _minute, value);
                    break;
            }
        }

        public void Compare()
        {
            Assert.Equal(_model.Dump(), _store.Dump());
            var (fromMs, toMs) = ((_minute - 50) * Some.MinuteMs, (_minute - 10) * Some.MinuteMs);
            var expected = _model.Dump(fromMs, toMs);
            Assert.Equal(expected, _store.Dump(fromMs, toMs));
            using var querier = _store.Querier(long.MinValue, long.MaxValue);
            Assert.Equal(_model.Dump().Length, querier.LabelValues("instance", [], CancellationToken.None).Count);
            Restart();
            Assert.Equal(_model.Dump(), _store.Dump());
        }

        public void Dispose() => _store.DisposeAsync().AsTask().GetAwaiter().GetResult();

        private void Restart()
        {
            Dispose();
            _store = Some.Open(_options);
        }

        /// <summary>Each time of a series is used once: what a second sample there becomes depends on where the first is.</summary>
        private void Append(int series, long minute, double value)
        {
            if (_used.Add((series, minute)))
            {
                var sample = SampleOf(series, minute, value);
                Assert.Equal(AppendResult.Ok, _store.AppendOne(Some.Series("m", $"{series}"), sample));
                _model.AppendLate(Some.Series("m", $"{series}"), sample);
            }
        }

        private void Backfill(int series, long minute, double value)
        {
            using var writer = BackfillBlockWriter.Open(_store);
            var samples = new SampleBuffer();
            for (var i = 0; i < 10; i++)
            {
                if (_used.Add((series, minute + i)))
                {
                    var sample = SampleOf(series, minute + i, value);
                    samples.Add(sample.TimestampMs, sample.Value, sample.Histogram, sample.StartTimeMs);
                    _model.AppendLate(Some.Series("m", $"{series}"), sample);
                }
            }
            writer.Add(Some.Series("m", $"{series}"), samples);
            writer.Finish();
        }

        /// <summary>No time of a deleted range is used later: whether that shows depends on where the deleted samples were.</summary>
        private void Delete(int series, long fromMinute, long toMinute)
        {
            for (var minute = fromMinute; minute <= toMinute; minute++)
            {
                _used.Add((series, minute));
            }
            var (fromMs, toMs) = (fromMinute * Some.MinuteMs, toMinute * Some.MinuteMs);
            _store.Delete([new LabelMatcher(Model.MatchType.Equal, "instance", $"{series}")], fromMs, toMs, CancellationToken.None);
            _model.Delete(Some.Series("m", $"{series}"), fromMs, toMs);
        }

        private static SeriesSample SampleOf(int series, long minute, double value)
        {
            var histogram = series == 3 ? Some.Histogram((int)value % 2, value, 1) : null;
            return new SeriesSample(minute * Some.MinuteMs, histogram?.Sum ?? value, histogram, series == 4 ? 1 + (minute / 20) : 0);
        }
    }
}
