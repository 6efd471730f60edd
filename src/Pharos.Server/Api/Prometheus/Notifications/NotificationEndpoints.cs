using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Api.Prometheus.Notifications;

/// <summary><c>notifications</c>, and <c>notifications/live</c> as server-sent events.</summary>
/// <param name="stopping">Ends the streams when the server stops, which would otherwise wait for them.</param>
internal sealed class NotificationEndpoints(ServerNotices notices, CancellationToken stopping)
{
    public void Map(ApiRoutes routes)
    {
        routes.MapGet("/notifications", _ => ApiReply.Data(WriteActive));
        routes.MapStream("/notifications/live", alsoPost: false, StreamAsync);
    }

    private void WriteActive(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var notice in notices.Active)
        {
            Write(json, notice);
        }
        json.WriteEndArray();
    }

    private async Task<ApiError?> StreamAsync(ApiRequest request)
    {
        var response = request.Context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        if (notices.Subscribe() is not { } channel)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return null;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, stopping);
        try
        {
            // The headers at once: until they are there a browser does not count the stream as open.
            await response.StartAsync(ending.Token);
            await response.Body.FlushAsync(ending.Token);
            await foreach (var notice in channel.Reader.ReadAllAsync(ending.Token))
            {
                await response.Body.WriteAsync(Event(notice), ending.Token);
                await response.Body.FlushAsync(ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
        }
        finally
        {
            notices.Unsubscribe(channel);
        }
        return null;
    }

    private static byte[] Event(ServerNotice notice)
    {
        using var buffer = new MemoryStream();
        buffer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, notice);
        }
        buffer.Write("\n\n"u8);
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ServerNotice notice)
    {
        json.WriteStartObject();
        json.WriteString("text", notice.Text);
        json.WriteString("date", JsonForms.Rfc3339(notice.Date));
        json.WriteBoolean("active", notice.Active);
        json.WriteEndObject();
    }
}
