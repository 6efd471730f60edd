using Microsoft.AspNetCore.Builder;

namespace Pharos.Server.Security;

/// <summary>Headers that every answer carries: no sniffing, no framing, no foreign scripts.</summary>
internal static class SecurityHeaders
{
    // Styles are inline in the interface's component library; scripts are not.
    private const string ContentPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "SAMEORIGIN";
        headers["Referrer-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = ContentPolicy;
        return next(context);
    });
}
