//! How the function travels: by its name and the fingerprint of its policy. Everything else travels
//! as the engine sends it.

use crate::{
    findings,
    function::{Decide, Refusing},
    policy::Known,
};
use ballista_core::serde::{BallistaLogicalExtensionCodec, BallistaPhysicalExtensionCodec};
use datafusion::{
    arrow::datatypes::SchemaRef,
    catalog::TableProvider,
    common::{DataFusionError, Result, TableReference},
    datasource::file_format::FileFormatFactory,
    execution::TaskContext,
    logical_expr::{Extension, LogicalPlan, ScalarUDF},
    physical_plan::ExecutionPlan,
};
use datafusion_proto::{
    logical_plan::LogicalExtensionCodec,
    physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension},
};
use std::sync::Arc;

/// The decision of this node, for plans that come from others and go to them.
#[derive(Debug)]
pub struct Codec<C> {
    engine: C,
    function: Arc<ScalarUDF>,
    known: &'static Known,
}

/// For plans as they are asked for.
pub fn logical(known: &'static Known) -> Arc<dyn LogicalExtensionCodec> {
    Arc::new(Codec { engine: BallistaLogicalExtensionCodec::default(), function: Decide::function(known), known })
}

/// For plans as they are worked.
pub fn physical(known: &'static Known) -> Arc<dyn PhysicalExtensionCodec> {
    Arc::new(Codec { engine: BallistaPhysicalExtensionCodec::default(), function: Decide::function(known), known })
}

impl<C> Codec<C> {
    fn sent(function: &ScalarUDF, out: &mut Vec<u8>) {
        if let Some(decide) = function.inner().as_ref().downcast_ref::<Decide>() {
            out.extend_from_slice(decide.known().fingerprint().as_bytes());
        }
    }

    /// The function of this node, if it is the one that was meant; else why not.
    fn met(&self, name: &str, mark: &[u8]) -> std::result::Result<Arc<ScalarUDF>, String> {
        let own = self.known.fingerprint();
        if name == self.function.name() && mark == own.as_bytes() {
            return Ok(self.function.clone());
        }
        let wanted = if mark.is_empty() { name.into() } else { String::from_utf8_lossy(mark) };
        Err(findings::other_policy(own, &wanted))
    }
}

impl LogicalExtensionCodec for Codec<BallistaLogicalExtensionCodec> {
    fn try_decode_udf(&self, name: &str, mark: &[u8]) -> Result<Arc<ScalarUDF>> {
        self.met(name, mark).map_err(DataFusionError::Plan)
    }

    fn try_encode_udf(&self, function: &ScalarUDF, out: &mut Vec<u8>) -> Result<()> {
        Self::sent(function, out);
        Ok(())
    }

    fn try_decode(&self, bytes: &[u8], inputs: &[LogicalPlan], context: &TaskContext) -> Result<Extension> {
        self.engine.try_decode(bytes, inputs, context)
    }

    fn try_encode(&self, node: &Extension, out: &mut Vec<u8>) -> Result<()> {
        self.engine.try_encode(node, out)
    }

    fn try_decode_table_provider(
        &self,
        bytes: &[u8],
        table: &TableReference,
        schema: SchemaRef,
        context: &TaskContext,
    ) -> Result<Arc<dyn TableProvider>> {
        self.engine.try_decode_table_provider(bytes, table, schema, context)
    }

    fn try_encode_table_provider(
        &self,
        table: &TableReference,
        node: Arc<dyn TableProvider>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        self.engine.try_encode_table_provider(table, node, out)
    }

    fn try_decode_file_format(&self, bytes: &[u8], context: &TaskContext) -> Result<Arc<dyn FileFormatFactory>> {
        self.engine.try_decode_file_format(bytes, context)
    }

    fn try_encode_file_format(&self, out: &mut Vec<u8>, node: Arc<dyn FileFormatFactory>) -> Result<()> {
        self.engine.try_encode_file_format(out, node)
    }
}

impl PhysicalExtensionCodec for Codec<BallistaPhysicalExtensionCodec> {
    fn try_decode_udf(&self, name: &str, mark: &[u8]) -> Result<Arc<ScalarUDF>> {
        // An executor that refuses a plan is asked no further and the reason is lost; a task that fails
        // ends the job with its reason.
        Ok(self.met(name, mark).unwrap_or_else(Refusing::function))
    }

    fn try_encode_udf(&self, function: &ScalarUDF, out: &mut Vec<u8>) -> Result<()> {
        Self::sent(function, out);
        Ok(())
    }

    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.engine.try_decode(bytes, inputs, context, converter)
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        out: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        self.engine.try_encode(node, out, converter)
    }
}
