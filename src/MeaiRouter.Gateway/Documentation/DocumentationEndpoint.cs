using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeaiRouter.Gateway.Documentation;

/// <summary><c>GET /openapi.json</c> and <c>GET /docs</c>: what there is to call, made once, when somebody first asks.</summary>
internal sealed class DocumentationEndpoint
{
    private readonly Lazy<byte[]> _document;
    private readonly Lazy<byte[]> _page;

    public DocumentationEndpoint(IEnumerable<EndpointDataSource> sources)
    {
        var document = new Lazy<JsonObject>(() => OpenApiDocument.Of(sources));
        _document = new(() => JsonSerializer.SerializeToUtf8Bytes(document.Value, OpenAI.Wire.WireJson.Strict.JsonObject));
        _page = new(() => Encoding.UTF8.GetBytes(DocumentationPage.Of(document.Value)));
    }

    public Task WriteDocumentAsync(HttpContext http, Caller caller) => WriteAsync(http, "application/json", _document.Value);

    public Task WritePageAsync(HttpContext http, Caller caller)
    {
        http.Response.Headers.ContentSecurityPolicy = DocumentationPage.ContentSecurityPolicy;
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return WriteAsync(http, "text/html; charset=utf-8", _page.Value);
    }

    private static Task WriteAsync(HttpContext http, string contentType, byte[] body)
    {
        http.Response.ContentType = contentType;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }
}
