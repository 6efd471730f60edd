using System.Net;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Sampling;
using Pharos.Server.Hosting;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Server.Traces;

/// <summary>The sampling strategies in force: those of a file, which is read again now and then, or adapted ones.</summary>
/// <remarks>Thread-safe. One loop of its own, which ends with disposal; a file that turns bad keeps the strategies of before.</remarks>
internal sealed class SamplingStrategies : IAsyncDisposable
{
    /// <summary>Bounds a file of strategies.</summary>
    private const int MaxFileBytes = 16 << 20;

    private static readonly TimeSpan DownloadTimeout = TimeSpan.FromSeconds(10);

    private readonly SamplingOptions _options;
    private readonly ILogger _logger;
    private readonly AdaptiveSampling? _adaptive;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile StaticStrategies _static = StaticStrategies.Empty;

    private SamplingStrategies(SamplingOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _adaptive = options.Adaptive is { } adaptive ? new AdaptiveSampling(adaptive) : null;
        var interval = options.Adaptive?.CalculationInterval ?? (options.StrategiesFile is null ? TimeSpan.Zero : options.ReloadInterval);
        _loop = Task.CompletedTask;
        if (_adaptive is null)
        {
            _static = ReadAsync(_stop.Token).GetAwaiter().GetResult();
            Warn(_static);
        }
        if (interval > TimeSpan.Zero)
        {
            _loop = Task.Run(() => RunAsync(interval, time));
        }
    }

    /// <exception cref="ServerStartException">The file cannot be read; the message names it.</exception>
    public static SamplingStrategies Open(SamplingOptions options, TimeProvider time, ILogger logger)
    {
        try
        {
            return new SamplingStrategies(options, time, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or HttpRequestException or OperationCanceledException)
        {
            throw new ServerStartException($"cannot read the sampling strategies in {options.StrategiesFile}: {e.Message}; see SAMPLING_STRATEGIES_FILE", e);
        }
    }

    public SamplingStrategy Of(string service) => _adaptive?.Of(service) ?? _static.Of(service);

    /// <summary>Counts root spans that say how they were sampled; nothing where nothing is adapted.</summary>
    public void Count(SpanBatch batch)
    {
        if (_adaptive is null)
        {
            return;
        }
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var span = ref batch[i];
            if (span.ParentSpanId == 0 && SamplerOf(batch, span, out var type, out var param))
            {
                _adaptive.Count(ServiceOf(batch, span), System.Text.Encoding.UTF8.GetString(batch.Text(span.Name)), type, param);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private static bool SamplerOf(SpanBatch batch, in SpanRow span, out string type, out double param)
    {
        (type, param) = ("", 0);
        for (var at = span.Attributes.First; at != AttributeRange.End; at = batch.Attribute(at).Next)
        {
            ref var row = ref batch.Attribute(at);
            var key = batch.Text(row.Key);
            if (key.SequenceEqual("sampler.type"u8) && row.Kind == AttributeKind.Text)
            {
                type = System.Text.Encoding.UTF8.GetString(batch.Text(row.Text));
            }
            else if (key.SequenceEqual("sampler.param"u8))
            {
                param = row.Kind switch
                {
                    AttributeKind.Double => BitConverter.Int64BitsToDouble(row.Bits),
                    AttributeKind.Int or AttributeKind.Bool => row.Bits,
                    AttributeKind.Text when double.TryParse(
                        batch.Text(row.Text), System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
                    _ => 0,
                };
            }
        }
        return type.Length > 0;
    }

    private static string ServiceOf(SpanBatch batch, in SpanRow span)
    {
        for (var at = batch.ResourceOf(span).Attributes.First; at != AttributeRange.End; at = batch.Attribute(at).Next)
        {
            ref var row = ref batch.Attribute(at);
            if (row.Kind == AttributeKind.Text && batch.Text(row.Key).SequenceEqual("service.name"u8))
            {
                return System.Text.Encoding.UTF8.GetString(batch.Text(row.Text));
            }
        }
        return "";
    }

    private async Task RunAsync(TimeSpan interval, TimeProvider time)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (_adaptive is not null)
                {
                    _adaptive.Recalculate();
                    continue;
                }
                await ReloadAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task ReloadAsync()
    {
        try
        {
            var read = await ReadAsync(_stop.Token);
            Warn(read);
            _static = read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or HttpRequestException
            || (e is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            _logger.LogError("The sampling strategies in {File} cannot be read again, and those of before stay: {Reason}", _options.StrategiesFile, e.Message);
        }
    }

    private async Task<StaticStrategies> ReadAsync(CancellationToken cancellation)
    {
        if (_options.StrategiesFile is not { } file)
        {
            return StaticStrategies.Empty;
        }
        if (!Uri.TryCreate(file, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return new FileInfo(file).Length <= MaxFileBytes ? StaticStrategies.Parse(await File.ReadAllBytesAsync(file, cancellation))
                : throw new InvalidDataException($"it has more than {MaxFileBytes} bytes");
        }
        using var http = new HttpClient { Timeout = DownloadTimeout, MaxResponseContentBufferSize = MaxFileBytes };
        using var answer = await http.GetAsync(url, cancellation);
        // As in Jaeger: who answers so has no strategies yet.
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return StaticStrategies.Empty;
        }
        answer.EnsureSuccessStatusCode();
        return StaticStrategies.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
    }

    private void Warn(StaticStrategies strategies)
    {
        foreach (var warning in strategies.Warnings)
        {
            _logger.LogWarning("Sampling strategies in {File}: {Warning}", _options.StrategiesFile, warning);
        }
    }
}
