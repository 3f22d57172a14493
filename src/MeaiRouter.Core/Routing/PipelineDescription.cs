using System.Text;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Writes a pipeline down, one line a layer.</summary>
internal sealed class PipelineDescription
{
    private readonly StringBuilder _text = new();

    public static string Of(IChatClient client)
    {
        var description = new PipelineDescription();
        description.Add(client, indent: 0, name: null);
        return description._text.ToString();
    }

    private void Add(IChatClient client, int indent, string? name)
    {
        foreach (var layer in PipelineWalk.Inwards(client))
        {
            if (_text.Length > 0)
                _text.Append('\n');
            _text.Append(' ', indent);
            if (name is not null)
            {
                _text.Append(name).Append(": ");
                indent += 2;
                name = null;
            }

            _text.Append(layer.GetType().Name);
            if (layer is not IPipelineLayer ours)
            {
                if (layer is not DelegatingChatClient)
                    AppendMetadata(layer);
                continue;
            }

            _text.Append(": ").Append(ours.Settings);
            foreach (var (branch, inside) in ours.Branches)
                Add(inside, indent + 2, branch);
        }
    }

    // Of an address no more than the server: what else stands in one may be somebody's key.
    private void AppendMetadata(IChatClient client)
    {
        if (client.GetService(typeof(ChatClientMetadata)) is not ChatClientMetadata metadata)
            return;
        if (metadata.ProviderName is { } provider)
            _text.Append(", ").Append(provider);
        if (metadata.ProviderUri is { IsAbsoluteUri: true } address)
            _text.Append(" at ").Append(address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));
        if (metadata.DefaultModelId is { } model)
            _text.Append(", model ").Append(model);
    }
}
