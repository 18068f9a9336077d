#include "core/exposition/renderer.h"

#include "core/exposition/json_renderer.h"
#include "core/exposition/openmetrics_text.h"
#include "core/exposition/prometheus_protobuf.h"
#include "core/exposition/prometheus_text.h"

namespace metrics_runtime {

std::unique_ptr<Renderer> MakeRenderer(ExpositionFormat format, ByteChunks& out) {
  switch (format) {
    case ExpositionFormat::kPrometheusText:
      return std::make_unique<PrometheusText>(out);
    case ExpositionFormat::kOpenMetrics:
      return std::make_unique<OpenMetricsText>(out);
    case ExpositionFormat::kPrometheusProtobuf:
      return std::make_unique<PrometheusProtobuf>(out);
    case ExpositionFormat::kJson:
      break;
  }
  return std::make_unique<JsonRenderer>(out);
}

}  // namespace metrics_runtime
