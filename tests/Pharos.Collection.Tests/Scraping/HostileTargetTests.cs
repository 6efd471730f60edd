using System.IO.Compression;
using System.Net;
using Pharos.Collection.Scraping;

namespace Pharos.Collection.Tests.Scraping;

/// <summary>What a target sends that means no good costs as much as the limits say, and no more.</summary>
public sealed class HostileTargetTests
{
    private const int LimitBytes = 1 << 20;
    private const string Up = """up{instance="t:80", job="j"}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_without_end_is_read_to_the_limit(bool packed)
    {
        await using var stage = new ScrapeStage();
        var body = new EndlessStream();
        stage.Targets.Answer = _ => Answer(body, packed);
        await stage.ApplyAsync(stage.Job() with { BodySizeLimitBytes = LimitBytes });
        await stage.PassAsync(10);

        Assert.Equal("body size limit exceeded", Assert.Single(stage.Collector.Snapshot().Active).LastError);
        Assert.Equal("0", stage.Store.Values(Up));
        Assert.InRange(body.GivenBytes, LimitBytes, 8 * LimitBytes);
    }

    [Fact]
    public async Task What_unpacks_to_a_thousand_times_its_size_is_unpacked_to_the_limit()
    {
        await using var stage = new ScrapeStage();
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[LimitBytes];
            for (var i = 0; i < 64; i++)
            {
                gzip.Write(zeros);
            }
        }
        stage.Targets.Answer = _ => FakeTargets.Body(packed.ToArray(), "text/plain", packed: true);
        await stage.ApplyAsync(stage.Job() with { BodySizeLimitBytes = LimitBytes });
        await stage.PassAsync(10);

        Assert.Equal("body size limit exceeded", Assert.Single(stage.Collector.Snapshot().Active).LastError);
        stage.Targets.Answer = _ => FakeTargets.Text("a 1\n");
        await stage.PassAsync(10);
        Assert.Equal("0 1", stage.Store.Values(Up));
    }

    [Fact]
    public async Task A_length_that_is_claimed_is_believed_as_far_as_is_cheap()
    {
        await using var stage = new ScrapeStage();
        stage.Targets.Answer = _ =>
        {
            var answer = Answer(new MemoryStream("a 1\n"u8.ToArray()), packed: false);
            answer.Content.Headers.ContentLength = long.MaxValue;
            return answer;
        };
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);

        Assert.Equal("1", stage.Store.Values(Up));
    }

    [Fact]
    public async Task Garbage_stores_nothing()
    {
        await using var stage = new ScrapeStage();
        var garbage = new byte[LimitBytes];
        new Random(7).NextBytes(garbage);
        stage.Targets.Answer = _ => FakeTargets.Body(garbage, "text/plain", packed: false);
        await stage.ApplyAsync(stage.Job());
        await stage.PassAsync(10);

        var target = Assert.Single(stage.Collector.Snapshot().Active);
        Assert.Equal(TargetHealth.Down, target.Health);
        Assert.InRange(target.LastError.Length, 1, 1000);
    }

    private static HttpResponseMessage Answer(Stream body, bool packed)
    {
        var content = new StreamContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
        if (packed)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private sealed class EndlessStream : Stream
    {
        public long GivenBytes { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'a');
            GivenBytes += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
