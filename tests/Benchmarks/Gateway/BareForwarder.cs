using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Benchmarks.Gateway;

/// <summary>What the gateway is held against: Kestrel in front, <see cref="HttpMessageInvoker"/> behind, and every byte copied as it comes.</summary>
internal static class BareForwarder
{
    public const string Command = "forwarder";

    public static async Task RunAsync(string address, string target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.WebHost.UseUrls("http://" + address).ConfigureKestrel(server => server.AddServerHeader = false);
        await using var app = builder.Build();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None });
        var upstream = new Uri(target);
        app.Run(http => ForwardAsync(http, invoker, upstream));
        await app.RunAsync();
    }

    private static async Task ForwardAsync(HttpContext http, HttpMessageInvoker invoker, Uri upstream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream, http.Request.Path)) { Content = new StreamContent(http.Request.Body) };
        request.Content.Headers.ContentLength = http.Request.ContentLength;
        request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
        using var response = await invoker.SendAsync(request, http.RequestAborted);

        http.Response.StatusCode = (int)response.StatusCode;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        http.Response.ContentLength = response.Content.Headers.ContentLength;
        await using var body = await response.Content.ReadAsStreamAsync(http.RequestAborted);
        var output = http.Response.BodyWriter;
        while (true)
        {
            var read = await body.ReadAsync(output.GetMemory(16 * 1024), http.RequestAborted);
            if (read == 0)
                return;
            output.Advance(read);
            await output.FlushAsync(http.RequestAborted);
        }
    }
}
