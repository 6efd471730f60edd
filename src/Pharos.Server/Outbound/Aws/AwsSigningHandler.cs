namespace Pharos.Server.Outbound.Aws;

/// <summary>Signs each request.</summary>
internal sealed class AwsSigningHandler(AwsConfig config, AwsCredentialSource source, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(AuthenticatingHandler.WithoutCredentials, out var without) || !without)
        {
            var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
            var region = await source.RegionAsync(cancellationToken);
            var credentials = await source.GetAsync(cancellationToken);
            AwsSignature.Sign(request, body, credentials, region, config.Service, time.GetUtcNow());
        }
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }
        base.Dispose(disposing);
    }
}
