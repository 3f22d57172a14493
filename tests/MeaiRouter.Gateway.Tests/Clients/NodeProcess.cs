using System.Diagnostics;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>node/ask.mjs, or another script of that folder, in a process of its own: one scenario of an official client.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public NodeProcess(string scenario, bool streaming, Uri baseUrl, string key, string script = "ask.mjs")
    {
        _process = Process.Start(new ProcessStartInfo(NodePrograms.Node!, [script, scenario, streaming ? "streamed" : "whole"])
        {
            WorkingDirectory = NodePackages.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            Environment = { ["BASE_URL"] = baseUrl.ToString(), ["API_KEY"] = key },
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What the client saw: a <c>result</c> or an <c>error</c>.</summary>
    public async Task<JsonNode> SeenAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(GatewayTest.Patience);
        return line is null ? throw new InvalidOperationException($"The script failed: {await _errors}") : JsonNode.Parse(line)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(GatewayTest.Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
