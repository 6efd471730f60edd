using System.IO.Compression;
using System.IO.Pipelines;
using System.Text.Json;
using Pharos.Server.Api;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api;

/// <summary>What is sent whole, and what in chunks.</summary>
public sealed class AnswerLengthTests : IAsyncLifetime
{
    private const int Steps = 11_000;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(12, false)]
    public async Task Answers_of_two_megabytes_have_a_length(int series, bool isWhole)
    {
        using var response = await GetAsync(series, gzip: false);
        Assert.Equal(isWhole, response.Content.Headers.ContentLength is not null);
        Assert.Equal(!isWhole, response.Headers.TransferEncodingChunked is true);
        Check(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), series);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public async Task What_is_compressed_has_not_the_length_of_what_it_was(int series)
    {
        using var response = await GetAsync(series, gzip: true);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var body = new GZipStream(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        Check(bytes.ToArray(), series);
    }

    [Fact]
    public async Task Refusals_have_a_length()
    {
        using var response = await _server.Http.GetAsync("/api/v1/query?query=", TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Nothing_is_sent_of_an_answer_that_is_given_up()
    {
        using var sent = new MemoryStream();
        await using (var stream = new JsonStream(PipeWriter.Create(sent), CancellationToken.None))
        {
            stream.Writer.WriteStartArray();
            stream.Append("1"u8);
            stream.Writer.WriteNumberValue(2);
            await stream.BreatheAsync();
        }
        Assert.Equal(0, sent.Length);
    }

    private async Task<HttpResponseMessage> GetAsync(int series, bool gzip)
    {
        var query = string.Join(" or ", Enumerable.Range(0, series).Select(i => $"label_replace(vector(time()/{i + 7}),\"i\",\"{i}\",\"\",\"\")"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/query_range?query={Uri.EscapeDataString(query)}&start=0&end={Steps - 1}&step=1");
        if (gzip)
        {
            request.Headers.Add("Accept-Encoding", "gzip");
        }
        return await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static void Check(byte[] body, int series)
    {
        using var answer = JsonDocument.Parse(body);
        var rows = answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToList();
        Assert.Equal(series, rows.Count);
        Assert.All(rows, static row => Assert.Equal(Steps, row.GetProperty("values").GetArrayLength()));
    }
}
