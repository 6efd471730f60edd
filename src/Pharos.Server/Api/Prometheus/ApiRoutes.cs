using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Pharos.Server.Api.Prometheus;

/// <summary>Puts handlers that answer in Prometheus' envelope onto paths.</summary>
internal sealed class ApiRoutes(IEndpointRouteBuilder routes, ILogger logger)
{
    private static readonly string[] Get = ["GET"];
    private static readonly string[] GetAndPost = ["GET", "POST"];
    private static readonly string[] PostAndPut = ["POST", "PUT"];
    private static readonly string[] Delete = ["DELETE"];

    public void MapGet(string path, Func<ApiRequest, ValueTask<ApiReply>> handler) => Map(path, Get, handler);

    public void MapGet(string path, Func<ApiRequest, ApiReply> handler) =>
        Map(path, Get, request => ValueTask.FromResult(handler(request)));

    /// <summary>GET with parameters in the address, or POST with a form.</summary>
    public void MapBoth(string path, Func<ApiRequest, ValueTask<ApiReply>> handler) => Map(path, GetAndPost, handler);

    public void MapBoth(string path, Func<ApiRequest, ApiReply> handler) =>
        Map(path, GetAndPost, request => ValueTask.FromResult(handler(request)));

    /// <summary>A deed: POST or PUT, with parameters in the address or in a form.</summary>
    public void MapDeed(string path, Func<ApiRequest, ValueTask<ApiReply>> handler) => Map(path, PostAndPut, handler);

    public void MapDelete(string path, Func<ApiRequest, ApiReply> handler) =>
        Map(path, Delete, request => ValueTask.FromResult(handler(request)));

    /// <summary>An answer that streams in a form of its own; what cannot be asked so is refused in the envelope.</summary>
    public void MapStream(string path, bool alsoPost, Func<ApiRequest, Task<ApiError?>> handler) =>
        routes.MapMethods(path, alsoPost ? GetAndPost : Get, (RequestDelegate)(async context =>
        {
            if (await handler(new ApiRequest(context, await RequestValues.ReadAsync(context))) is { } error)
            {
                await ApiReply.Fail(error).WriteAsync(context);
            }
        }));

    private void Map(string path, string[] methods, Func<ApiRequest, ValueTask<ApiReply>> handler) =>
        routes.MapMethods(path, methods, (RequestDelegate)(context => AnswerAsync(context, handler)));

    private async Task AnswerAsync(HttpContext context, Func<ApiRequest, ValueTask<ApiReply>> handler)
    {
        ApiReply reply;
        try
        {
            reply = await handler(new ApiRequest(context, await RequestValues.ReadAsync(context)));
        }
        catch (InvalidDataException e)
        {
            reply = ApiReply.Fail(ApiErrorType.BadData, $"error parsing form values: {e.Message}");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            reply = ApiReply.Fail(ApiErrorType.Canceled, "query was canceled");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            reply = ApiReply.Fail(ApiErrorType.Internal, e.Message);
        }
        await reply.WriteAsync(context);
    }
}
