using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace MeaiRouter.Aspire.Tests;

/// <summary>An app as an app host starts it: what it knows comes from its configuration alone.</summary>
internal static class App
{
    /// <param name="connections">Connection strings, as name and value.</param>
    public static HostApplicationBuilder With(params (string Name, string Value)[] connections) => With("{}", connections);

    /// <param name="json">What its appsettings.json says.</param>
    /// <param name="connections">Connection strings, as name and value.</param>
    public static HostApplicationBuilder With(string json, params (string Name, string Value)[] connections)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        builder.Configuration.AddInMemoryCollection(connections.Select(static c => KeyValuePair.Create("ConnectionStrings:" + c.Name, (string?)c.Value)));
        return builder;
    }

    public static Task<ChatResponse> AskAsync(this IChatClient client, bool streaming, string? model = null)
    {
        var options = new ChatOptions { ModelId = model };
        return streaming
            ? client.GetStreamingResponseAsync("Hello", options).ToChatResponseAsync()
            : client.GetResponseAsync("Hello", options);
    }
}
