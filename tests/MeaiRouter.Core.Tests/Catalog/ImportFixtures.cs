using System.Text;

namespace MeaiRouter.Core.Tests.Catalog;

/// <summary>Small files in the shapes that OpenRouter and LiteLLM document, with invented models.</summary>
internal static class ImportFixtures
{
    public const string OpenRouterModels = """
        {
          "data": [
            {
              "id": "acme/large", "canonical_slug": "acme/large-0701", "name": "Acme: Large", "created": 1750000000,
              "description": "Invented.", "context_length": 200000,
              "architecture": { "modality": "text+image->text", "input_modalities": ["image", "text", "smell"], "output_modalities": ["text"] },
              "pricing": {
                "prompt": "0.0000025", "completion": "0.00001", "request": "0.001", "image": "0", "web_search": "0", "internal_reasoning": "0",
                "input_cache_read": "0.00000025", "input_cache_write": "0.000003125", "input_cache_write_1h": "0.000005",
                "audio": "0.0000032", "audio_output": "0.00002", "image_token": "0.000004", "image_output": "0.00003",
                "overrides": [ { "min_prompt_tokens": 128000, "prompt": "0.000005" }, { "min_prompt_tokens": 64000, "prompt": "0.000004" } ]
              },
              "top_provider": { "context_length": 200000, "max_completion_tokens": 64000, "is_moderated": true },
              "supported_parameters": ["tools", "temperature"], "some_future_member": { "deep": [1, 2, 3] }
            },
            {
              "id": "acme/large:free", "name": "Acme: Large (free)", "context_length": 32768,
              "pricing": { "prompt": "0", "completion": "0" }
            },
            {
              "id": "acme/auto", "name": "Acme: Auto", "context_length": 1000000,
              "pricing": { "prompt": "-1", "completion": "-1" }
            }
          ]
        }
        """;

    public const string OpenRouterEndpoints = """
        {
          "data": {
            "id": "acme/open", "name": "Acme: Open", "created": 1750000000, "description": "Invented.",
            "architecture": { "input_modalities": ["text"], "output_modalities": ["text"], "tokenizer": "Other" },
            "endpoints": [
              {
                "name": "North | acme/open", "model_id": "acme/open", "model_name": "Acme: Open", "provider_name": "North", "tag": "north/fp8",
                "context_length": 131072, "max_completion_tokens": 16384, "max_prompt_tokens": null, "quantization": "fp8", "status": 0,
                "pricing": { "prompt": "0.0000001", "completion": "0.0000003", "discount": 0 },
                "supported_parameters": ["tools"], "uptime_last_30m": 99.9
              },
              {
                "name": "South | acme/open", "model_id": "acme/open", "provider_name": "South", "tag": "south",
                "context_length": 32768, "max_completion_tokens": null, "quantization": "unknown", "status": -2,
                "pricing": { "prompt": "0.00000009", "completion": "0.0000004", "input_cache_read": "0.00000001" },
                "supported_parameters": []
              }
            ]
          }
        }
        """;

    public const string LiteLlm = """
        {
          "sample_spec": { "mode": "one of: chat, embedding", "input_cost_per_token": 0.0, "max_tokens": "LEGACY parameter" },
          "acme-large": {
            "litellm_provider": "acme", "mode": "chat", "max_input_tokens": 200000, "max_output_tokens": 64000, "max_tokens": 64000,
            "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 2.5e-07,
            "cache_creation_input_token_cost": 3.125e-06, "cache_creation_input_token_cost_above_1hr": 5e-06,
            "input_cost_per_token_above_200k_tokens": 5e-06, "output_cost_per_token_above_200k_tokens": 1.5e-05,
            "input_cost_per_token_above_128k_tokens": 4e-06, "input_cost_per_token_batches": 1.25e-06,
            "supports_function_calling": true, "supports_response_schema": true, "supports_vision": true, "supports_pdf_input": false
          },
          "together_ai/acme/open-7b": {
            "litellm_provider": "together_ai", "mode": "chat", "max_tokens": 8192,
            "input_cost_per_token": 0.0000002, "output_cost_per_token": "6e-07"
          },
          "acme-embed": { "litellm_provider": "acme", "mode": "embedding", "input_cost_per_token": 1e-07, "output_cost_per_token": 0.0 },
          "acme-by-the-second": { "litellm_provider": "acme", "mode": "chat", "output_cost_per_second": 0.01 }
        }
        """;

    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
